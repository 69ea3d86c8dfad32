//! What a platform has written into the name of a submission: whose it is, and when it was handed in.
//!
//! Behind that part is the name of a file, which its student has chosen. It may be anything, also what a platform would
//! write about somebody else; so each form is read from its beginning, and the first one that fits is meant.

/// The platform's part of a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Export<'a> {
    /// `Jane Doe_12345_assignsubmission_file_course.zip`. Moodle leaves no `_` in a person's name.
    Moodle { name: &'a str, participant: &'a str },
    /// `doejane_LATE_4711001_998877_course.zip`: Canvas's ids of the student and of the file.
    Canvas { name: &'a str, id: &'a str, is_late: bool },
    /// `HW1_jdoe_attempt_2026-05-01-12-00-00_course.zip`. The assignment's name may have a `_` in it, and so may the
    /// user's.
    Blackboard { assignment_and_user: &'a str, time: &'a str },
    /// `991-12 - Jane Doe - May 1, 2026 1200 PM - course.zip`
    Brightspace { name: &'a str },
}

impl<'a> Export<'a> {
    /// Nothing, if no platform has written this name.
    pub fn of(name: &'a str) -> Option<Self> {
        brightspace(name).or_else(|| moodle(name)).or_else(|| canvas(name)).or_else(|| blackboard(name))
    }

    /// The platform's number for this person, where it has one for each.
    pub fn number(self) -> Option<&'a str> {
        match self {
            Self::Moodle { participant, .. } => Some(participant),
            Self::Canvas { id, .. } => Some(id),
            Self::Blackboard { .. } | Self::Brightspace { .. } => None,
        }
    }

    /// The part that says who it is.
    pub fn who(self) -> &'a str {
        match self {
            Self::Moodle { name, .. } | Self::Canvas { name, .. } | Self::Brightspace { name } => name,
            Self::Blackboard { assignment_and_user, .. } => assignment_and_user,
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn moodle(text: &str) -> Option<Export<'_>> {
    let (name, rest) = text.split_once('_')?;
    let (participant, rest) = rest.split_once('_')?;
    let is_meant = !name.trim().is_empty()
        && is_number(participant)
        && ["assignsubmission_file", "assignsubmission_onlinetext"].iter().any(|kind| rest.starts_with(kind));
    is_meant.then_some(Export::Moodle { name, participant })
}

fn canvas(text: &str) -> Option<Export<'_>> {
    let (name, rest) = text.split_once('_')?;
    let late = rest.strip_prefix("LATE_");
    let (is_late, rest) = (late.is_some(), late.unwrap_or(rest));
    let (id, rest) = rest.split_once('_')?;
    let (file, _) = rest.split_once('_')?;
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    (is_name && is_number(id) && is_number(file)).then_some(Export::Canvas { name, id, is_late })
}

fn brightspace(text: &str) -> Option<Export<'_>> {
    let mut parts = text.split(" - ");
    let (numbers, name, date) = (parts.next()?, parts.next()?, parts.next()?);
    let (one, two) = numbers.split_once('-')?;
    let words: Vec<_> = date.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_date = match words[..] {
        [month, day, year, clock, half] => {
            month.chars().all(char::is_alphabetic)
                && [day, year, clock].into_iter().all(is_number)
                && ["AM", "PM"].iter().any(|meant| half.starts_with(meant))
        }
        _ => false,
    };
    (is_number(one) && is_number(two) && is_date).then_some(Export::Brightspace { name })
}

fn blackboard(text: &str) -> Option<Export<'_>> {
    const MARK: &str = "_attempt_";
    const FORM: &str = "0000-00-00-00-00-00";
    let mut marks = text.match_indices(MARK);
    let (at, time) = marks.find_map(|(at, _)| {
        let rest = &text[at + MARK.len()..];
        let time = rest.get(..FORM.len())?;
        let fits = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
        let ends = !rest[FORM.len()..].starts_with(|next: char| next.is_alphanumeric());
        (ends && time.bytes().zip(FORM.bytes()).all(fits)).then_some((at, time))
    })?;
    Some(Export::Blackboard { assignment_and_user: &text[..at], time })
}

#[cfg(test)]
mod tests {
    use super::Export;

    #[test]
    fn only_the_platforms_part_of_a_name_is_read() {
        let moodle = Some(Export::Moodle { name: "Cy Fox", participant: "12" });
        let canvas = |is_late| Some(Export::Canvas { name: "foxcy", id: "904", is_late });
        let blackboard =
            Some(Export::Blackboard { assignment_and_user: "HW_1_cfox", time: "2026-05-09-12-00-00" });
        let brightspace = Some(Export::Brightspace { name: "Cy Fox" });
        // What a student may call a file.
        for file in [
            "",
            "course",
            "Ann Lee_99_assignsubmission_file_",
            "leeann_901_77_x",
            "901",
            "HW_1_alee_attempt_2020-01-01-00-00-00_x",
            " - 1-2 - Ann Lee - May 1, 2020 1200 PM",
        ] {
            for (own, expected) in [
                ("Cy Fox_12_assignsubmission_file_", moodle),
                ("foxcy_904_80_", canvas(false)),
                ("foxcy_LATE_904_80_", canvas(true)),
                ("HW_1_cfox_attempt_2026-05-09-12-00-00_", blackboard),
                ("9-12 - Cy Fox - May 1, 2026 1200 PM - ", brightspace),
            ] {
                let name = format!("{own}{file}");
                assert_eq!(Export::of(&name), expected, "{name}");
            }
        }
        for name in [
            "",
            "ann",
            "hw-ann",
            "_1_2_x",
            "ann_1_x",
            "Ann_x_1_assignsubmission_file_",
            "ann_attempt_soon",
            "ann_attempt_2026-05-01-12-00-0",
            "ann_attempt_2026-05-01-12-00-001",
            "1-2 - Ann Lee - Bob - May 1, 2026 1200 PM",
            "ann - Bob Ray - May 1, 2026 1200 PM",
        ] {
            assert_eq!(Export::of(name), None, "{name}");
        }
    }
}
