//! What is known about a lesson besides its report.

/// What has been passed before, and where it is shown.
#[derive(Clone, Default)]
pub struct Background {
    /// The guide watches: it takes keys, and sees a save by itself.
    pub watching: bool,
    /// A save is seen by itself, but there are no keys: a program of the student's is running.
    pub running: bool,
    /// The compiler's errors are shown whole, in its own words.
    pub rustc: bool,
    /// Gates that pass in the course, and all of them.
    pub course: (usize, usize),
    /// The gate that the compiler's error is about, where there is one.
    pub gate: Option<usize>,
    /// The numbers of the gates that passed before, and do not now.
    pub lost: Vec<usize>,
    /// The numbers of the gates that pass and did not before.
    pub new: Vec<usize>,
    /// No lesson has been worked on yet.
    pub newcomer: bool,
    /// New versions of the lesson's files that an update could not merge, and that lie beside them.
    pub unmerged: Vec<String>,
    /// Given files that the lesson's verdict depends on, and that have been edited.
    pub edited: Vec<String>,
    /// What comes after this lesson, if anything is left to do.
    pub next: Option<u32>,
}
