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
    /// Of typical mistakes and those that are explained only a sixth, which this number chooses.
    pub part: Option<usize>,
}

impl What {
    /// Everything there is.
    pub fn everything() -> Self {
        Self { seeds: 1, sqlite_only: false, explanations: false, mistakes: false, part: None }
    }

    /// Whether what has this place in a list is checked on the database that has that place among those of the check.
    ///
    /// Of everything, all is; of a part, each on one database, and on the other when the part comes again.
    pub fn holds_on(self, place: usize, database: usize, databases: usize) -> bool {
        self.part.is_none_or(|part| (place / PARTS + part / PARTS) % databases == database)
    }

    /// How often the gates are run on each seed and each database.
    ///
    /// Two databases are two runs, too.
    pub fn runs(self, databases: usize) -> usize {
        if self.part.is_some() && databases > 1 { 1 } else { 2 }
    }

    /// Whether what has this place in a list is checked.
    pub fn holds(self, place: usize) -> bool {
        self.part.is_none_or(|part| place % PARTS == part % PARTS)
    }
}

/// Into so many parts the typical mistakes and those that are explained are divided.
const PARTS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_twelve_days_everything_is_checked_on_both_databases() {
        let days = |place, database| {
            let tried = |part: &usize| {
                let what = What { part: Some(*part), ..What::everything() };
                what.holds(place) && what.holds_on(place, database, 2)
            };
            (0..12).filter(tried).count()
        };
        for place in 0..20 {
            assert_eq!([days(place, 0), days(place, 1)], [1, 1], "{place}");
        }
    }

    #[test]
    fn a_complete_check_covers_everything_on_both_databases() {
        assert!((0..20).all(|place| {
            let what = What::everything();
            what.holds(place) && what.holds_on(place, 0, 2) && what.holds_on(place, 1, 2)
        }));
    }
}
