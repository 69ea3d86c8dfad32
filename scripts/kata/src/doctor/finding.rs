//! What the doctor finds.

/// What came of trying something.
pub enum Finding {
    /// It works; what was seen.
    Works(String),
    /// It could not be tried, and why.
    Unknown(String),
    /// The course works without it, but offers more with it.
    Optional { what: String, fix: String },
    /// The course needs it.
    Missing { what: String, fix: String },
}
