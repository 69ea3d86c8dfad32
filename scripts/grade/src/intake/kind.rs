//! What kind of archive a file is, by its first bytes and its name.

/// The endings of archives: those that are read, and those that are not.
const ENDINGS: [&str; 4] = [".zip", ".tar.gz", ".tgz", ".tar"];
const OTHERS: [&str; 16] = [
    ".7z", ".rar", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz", ".tar.zst", ".tzst", ".xz", ".bz2",
    ".zst", ".gz", ".z", ".dmg", ".iso",
];

/// What a file is, by its first bytes: its name may be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Zip,
    Tar,
    Gzip,
    /// A kind that is not read, in words.
    Other(&'static str),
    NoArchive,
}

/// How the kinds that are read begin: from which byte on, and with what.
const READ: [(usize, &[u8], Kind); 5] = [
    (0, b"PK\x03\x04", Kind::Zip),
    (0, b"PK\x05\x06", Kind::Zip),
    (0, b"PK\x07\x08", Kind::Zip),
    (0, b"\x1f\x8b", Kind::Gzip),
    (257, b"ustar", Kind::Tar),
];
const NOT_READ: [(usize, &[u8], Kind); 8] = [
    (0, b"7z\xbc\xaf\x27\x1c", Kind::Other("a 7z archive")),
    (0, b"Rar!\x1a\x07", Kind::Other("a RAR archive")),
    (0, b"\xfd7zXZ\0", Kind::Other("compressed with xz")),
    (0, b"BZh", Kind::Other("compressed with bzip2")),
    (0, b"\x28\xb5\x2f\xfd", Kind::Other("compressed with zstd")),
    (0, b"# v2 git bundle", Kind::Other("a git bundle")),
    (0, b"# v3 git bundle", Kind::Other("a git bundle")),
    (0, b"\x1f\x9d", Kind::Other("compressed with compress")),
];

/// How many bytes of a file `kind` needs.
pub const START: usize = 512;

pub fn kind(start: &[u8], name: &str) -> Kind {
    let among = |kinds: &[(usize, &[u8], Kind)]| {
        let begins = |(at, magic, _): &&(usize, &[u8], Kind)| {
            start.get(*at..).is_some_and(|start| start.starts_with(magic))
        };
        kinds.iter().find(begins).map(|(.., kind)| *kind)
    };
    // The oldest form of tar has no mark of its own.
    let by_name = || (name.to_lowercase().ends_with(".tar") && start.len() == START).then_some(Kind::Tar);
    among(&READ).or_else(by_name).or_else(|| among(&NOT_READ)).unwrap_or(Kind::NoArchive)
}

/// Whether a file's name is that of an archive of any kind.
pub fn has_ending(name: &str) -> bool {
    without_ending(name).len() < name.len()
}

/// The name without an archive's ending.
pub fn without_ending(name: &str) -> &str {
    let is_ending = |ending: &&&str| {
        let at = name.len().checked_sub(ending.len());
        at.is_some_and(|at| at > 0 && name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(ending))
    };
    let ending = ENDINGS.iter().chain(&OTHERS).find(is_ending).map_or(0, |ending| ending.len());
    &name[..name.len() - ending]
}

#[cfg(test)]
mod tests {
    use super::{Kind, START, kind, without_ending};

    #[test]
    fn an_archive_is_recognized_by_its_first_bytes() {
        let mut tar = vec![0; START];
        tar[257..262].copy_from_slice(b"ustar");
        for (start, name, expected) in [
            (&b"PK\x03\x04..."[..], "course.rar", Kind::Zip),
            (&b"\x1f\x8b\x08..."[..], "course", Kind::Gzip),
            (&tar[..], "course.zip", Kind::Tar),
            (&b"Rar!\x1a\x07\x01\0"[..], "course.zip", Kind::Other("a RAR archive")),
            (&b"7z\xbc\xaf\x27\x1c"[..], "course", Kind::Other("a 7z archive")),
            (&b"fn main() {}"[..], "main.rs", Kind::NoArchive),
            (&b""[..], "course.zip", Kind::NoArchive),
        ] {
            assert_eq!(kind(start, name), expected, "{name}");
        }
    }

    #[test]
    fn the_extension_of_an_archive_is_removed_from_its_name() {
        for (name, without) in [
            ("ann.zip", "ann"),
            ("Ann.ZIP", "Ann"),
            ("ann.tar.gz", "ann"),
            ("ann.v2.tgz", "ann.v2"),
            ("ann.rar", "ann"),
            ("lib.rs", "lib.rs"),
            (".zip", ".zip"),
            ("é.zip", "é"),
        ] {
            assert_eq!(without_ending(name), without, "{name}");
        }
    }
}
