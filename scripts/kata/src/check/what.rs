//! What `cargo kata check` is asked for.

/// What is checked.
#[derive(Clone, Copy)]
pub struct What {
    /// On so many seeds.
    pub seeds: u64,
    /// Without PostgreSQL.
    pub sqlite_only: bool,
    /// Only the explanations of mistakes.
    pub explanations: bool,
    /// Only the typical mistakes.
    pub mistakes: bool,
    /// Of typical mistakes and those that are explained only a third, which this number chooses.
    pub part: Option<usize>,
}

impl What {
    /// Everything there is.
    pub fn everything() -> Self {
        Self { seeds: 1, sqlite_only: false, explanations: false, mistakes: false, part: None }
    }

    /// Whether what has this place in a list is checked.
    pub fn holds(self, place: usize) -> bool {
        self.part.is_none_or(|part| place % PARTS == part % PARTS)
    }
}

/// Into so many parts the typical mistakes and those that are explained are divided.
const PARTS: usize = 3;
