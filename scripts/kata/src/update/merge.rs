//! One file in three versions: the student's, the one that both began with, and the new one.

use crate::files::text::{decode, is_same, with_line_ends_of};

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

/// What becomes of a file of which a student has `mine`, where `was` was handed out and `new` comes. Line ends
/// and byte order marks make no difference.
pub fn merge(mine: Option<&[u8]>, was: Option<&[u8]>, new: &[u8]) -> Merged {
    match (mine, was) {
        (Some(mine), _) if is_same(mine, new) => Merged::AsItIs,
        // Deleted by accident or not, a course needs its files.
        (None, _) => Merged::New,
        (Some(mine), Some(was)) if is_same(mine, was) => Merged::New,
        (Some(_), Some(was)) if is_same(was, new) => Merged::AsItIs,
        (Some(mine), Some(was)) => both(mine, was, new),
        // What it was is unknown; it may be the student's own.
        (Some(_), None) => Merged::Conflict,
    }
}

fn both(mine: &[u8], was: &[u8], new: &[u8]) -> Merged {
    let (Ok(my_text), Ok(was), Ok(new)) = (decode(mine), decode(was), decode(new)) else {
        return Merged::Conflict;
    };
    match diffy::merge(&was, &my_text, &new) {
        Ok(merged) if merged == my_text => Merged::AsItIs,
        Ok(merged) => Merged::Both(with_line_ends_of(mine, &merged).into_bytes()),
        Err(_) => Merged::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::{Merged, merge};

    const WAS: &[u8] = b"a\nb\nc\nd\ne\nf\n";

    #[test]
    fn files_that_the_student_has_not_changed_are_replaced() {
        assert_eq!(merge(Some(WAS), Some(WAS), b"new\n"), Merged::New);
        assert_eq!(merge(None, Some(WAS), WAS), Merged::New);
        assert_eq!(merge(None, None, WAS), Merged::New);
    }

    #[test]
    fn files_that_the_course_has_not_changed_stay() {
        assert_eq!(merge(Some(b"mine\n"), Some(WAS), WAS), Merged::AsItIs);
        assert_eq!(merge(Some(b"new\n"), Some(WAS), b"new\n"), Merged::AsItIs);
    }

    #[test]
    fn changes_in_different_places_are_merged() {
        assert_eq!(
            merge(Some(b"a\nMINE\nc\nd\ne\nf\n"), Some(WAS), b"a\nb\nc\nd\ne\nNEW\n"),
            Merged::Both(b"a\nMINE\nc\nd\ne\nNEW\n".to_vec())
        );
    }

    #[test]
    fn line_endings_and_byte_order_marks_are_not_changes() {
        let crlf = b"a\r\nb\r\nc\r\nd\r\ne\r\nf\r\n";
        let mark = [b"\xEF\xBB\xBF", WAS].concat();
        for mine in [&crlf[..], &mark] {
            assert_eq!(merge(Some(mine), Some(WAS), b"new\n"), Merged::New);
            assert_eq!(merge(Some(mine), None, WAS), Merged::AsItIs);
            assert_eq!(merge(Some(b"mine\n"), Some(WAS), mine), Merged::AsItIs);
        }
        // The student's file keeps the line ends that it has.
        assert_eq!(
            merge(Some(b"a\r\nMINE\r\nc\r\nd\r\ne\r\nf\r\n"), Some(WAS), b"a\nb\nc\nd\ne\nNEW\n"),
            Merged::Both(b"a\r\nMINE\r\nc\r\nd\r\ne\r\nNEW\r\n".to_vec())
        );
    }

    #[test]
    fn changes_in_the_same_place_are_a_conflict() {
        assert_eq!(merge(Some(b"a\nMINE\n"), Some(b"a\nb\n"), b"a\nNEW\n"), Merged::Conflict);
        assert_eq!(merge(Some(b"mine\n"), None, b"new\n"), Merged::Conflict);
        assert_eq!(merge(Some(b"\xff\x00"), Some(b"\xff\x01"), b"\xff\x02"), Merged::Conflict);
    }
}
