//! One file in three versions: the student's, the one that both began with, and the new one.

/// What becomes of it.
#[derive(Debug, PartialEq)]
pub enum Merged {
    /// The student's stays as it is.
    AsItIs,
    /// The new version takes its place.
    New,
    /// The changes of both.
    Both(Vec<u8>),
    /// Both have changed the same place.
    Conflict,
}

pub fn merge(mine: Option<&[u8]>, was: Option<&[u8]>, new: &[u8]) -> Merged {
    match (mine, was) {
        (Some(mine), _) if mine == new => Merged::AsItIs,
        // Deleted by accident or not, a course needs its files.
        (None, _) => Merged::New,
        (Some(mine), Some(was)) if mine == was => Merged::New,
        (Some(_), Some(was)) if was == new => Merged::AsItIs,
        (Some(mine), Some(was)) => both(mine, was, new),
        // Nobody knows what it was; it may be the student's own.
        (Some(_), None) => Merged::Conflict,
    }
}

fn both(mine: &[u8], was: &[u8], new: &[u8]) -> Merged {
    let text = |bytes| std::str::from_utf8(bytes).map(|text| text.replace("\r\n", "\n"));
    let (Ok(mine), Ok(was), Ok(new)) = (text(mine), text(was), text(new)) else { return Merged::Conflict };
    match diffy::merge(&was, &mine, &new) {
        Ok(merged) if merged == mine => Merged::AsItIs,
        Ok(merged) => Merged::Both(merged.into_bytes()),
        Err(_) => Merged::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::{Merged, merge};

    const WAS: &[u8] = b"a\nb\nc\nd\ne\nf\n";

    #[test]
    fn what_the_student_has_not_touched_is_replaced() {
        assert_eq!(merge(Some(WAS), Some(WAS), b"new\n"), Merged::New);
        assert_eq!(merge(None, Some(WAS), WAS), Merged::New);
        assert_eq!(merge(None, None, WAS), Merged::New);
    }

    #[test]
    fn what_the_course_has_not_touched_stays() {
        assert_eq!(merge(Some(b"mine\n"), Some(WAS), WAS), Merged::AsItIs);
        assert_eq!(merge(Some(b"new\n"), Some(WAS), b"new\n"), Merged::AsItIs);
    }

    #[test]
    fn changes_in_different_places_are_put_together() {
        assert_eq!(
            merge(Some(b"a\nMINE\nc\nd\ne\nf\n"), Some(WAS), b"a\nb\nc\nd\ne\nNEW\n"),
            Merged::Both(b"a\nMINE\nc\nd\ne\nNEW\n".to_vec())
        );
    }

    #[test]
    fn changes_in_the_same_place_are_a_conflict() {
        assert_eq!(merge(Some(b"a\nMINE\n"), Some(b"a\nb\n"), b"a\nNEW\n"), Merged::Conflict);
        assert_eq!(merge(Some(b"mine\n"), None, b"new\n"), Merged::Conflict);
        assert_eq!(merge(Some(b"\xff\x00"), Some(b"\xff\x01"), b"\xff\x02"), Merged::Conflict);
    }
}
