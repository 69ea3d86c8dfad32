//! What the doctor finds.

/// What came of trying something.
pub enum Finding {
    /// It works; what was seen.
    Works(String),
    /// The course does without, but with it somebody has more.
    Optional { what: String, fix: String },
    /// The course needs it.
    Missing { what: String, fix: String },
}
