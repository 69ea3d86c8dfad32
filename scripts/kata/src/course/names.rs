//! The lesson or the stage that a mistyped name probably means.

/// As alike as this, a name may be what was meant.
const ALIKE: f64 = 0.8;

/// The one of `names`, as in `05-crud`, that is most like `name`, if any is.
pub fn meant<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase().replace(['_', ' '], "-");
    let likeness = |candidate: &str| {
        let topic = &candidate[3..];
        let parts = topic.split('-').filter(|part| part.len() > 2);
        [candidate, topic]
            .into_iter()
            .chain(parts)
            .map(|word| strsim::jaro_winkler(&name, word))
            .fold(0.0, f64::max)
    };
    let best =
        names.iter().map(|candidate| (likeness(candidate), *candidate)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(best.1).filter(|_| best.0 >= ALIKE)
}

/// The one of `names` that is most like `name`, if any is.
pub fn alike<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let likeness = |candidate: &&'a str| (strsim::jaro_winkler(name, candidate), *candidate);
    let best = names.iter().map(likeness).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(best.1).filter(|_| best.0 >= ALIKE)
}

#[cfg(test)]
mod tests {
    use super::meant;

    const NAMES: [&str; 4] = ["01-database", "05-crud", "06-many-to-many", "08-order-up"];

    #[test]
    fn a_typo_leads_to_the_most_similar_name() {
        for (name, lesson) in [
            ("crudd", "05-crud"),
            ("05-curd", "05-crud"),
            ("5-crude", "05-crud"),
            ("databse", "01-database"),
            ("many_to_may", "06-many-to-many"),
            ("orderup", "08-order-up"),
            ("Order", "08-order-up"),
        ] {
            assert_eq!(meant(name, &NAMES), Some(lesson), "{name}");
        }
    }

    #[test]
    fn a_name_that_resembles_nothing_leads_to_no_suggestion() {
        for name in ["9", "12", "zebra", ""] {
            assert_eq!(meant(name, &NAMES), None, "{name}");
        }
    }
}
