//! Why something in a submission cannot be read. The texts are for the student, and name what to do.

use std::error::Error;
use std::io;
use std::sync::Arc;

use zip::result::ZipError;

use crate::text::line;

/// How many entries of an archive, or files of a folder, are looked at.
pub const MOST_ENTRIES: usize = 200_000;
/// The largest file that is taken.
pub const LARGEST_FILE: u64 = 256 << 10;
/// The largest archive inside an archive, in MiB.
pub const LARGEST_INNER_MIB: u64 = 64;
/// How many archives inside a submission are opened.
pub const MOST_ARCHIVES: usize = 16;

/// Why a file is not taken, as the end of a sentence that begins with its name.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("is larger than {} KiB", LARGEST_FILE >> 10)]
    TooLarge,
    #[error("is a link; hand in the file itself")]
    Link,
    #[error("is a hard link to a file outside the lesson; hand in a copy")]
    HardLink,
    #[error("is not a regular file")]
    NotRegular,
    #[error("has a name that is not Unicode; rename it")]
    NotUnicode,
    #[error("cannot be read: {0}")]
    Io(#[source] io::Error),
    #[error("is damaged in the archive ({0}); pack it again")]
    Damaged(#[source] io::Error),
    #[error(transparent)]
    Packed(#[from] ArchiveFault),
}

/// Why an archive cannot be read, as the end of a sentence that begins with its name.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    #[error("cannot be read: {0}")]
    Io(#[source] io::Error),
    #[error("is {0}, which the grader does not open; hand in a .zip or .tar.gz file")]
    UnknownKind(&'static str),
    #[error("is empty; hand it in again")]
    Empty,
    #[error("is a web page and not an archive; perhaps a sign-in page was saved instead")]
    WebPage,
    #[error("is not an archive, although its name says so; pack it again")]
    NoArchive,
    #[error("is a single file; hand in a folder, or a .zip or .tar.gz file of it")]
    SingleFile,
    #[error("is password-protected; hand it in without a password")]
    Locked,
    #[error(
        "is compressed with a method that the grader does not support; use Deflate, or your system's own archive \
         tool"
    )]
    UnknownMethod,
    #[error("is damaged or cut off ({0}); pack it and hand it in again")]
    Damaged(#[source] Box<dyn Error + Send + Sync>),
    #[error("is damaged or cut off ({0})")]
    DamagedInside(#[source] io::Error),
    #[error(
        "is larger than {LARGEST_INNER_MIB} MiB; hand in that archive itself, without the folder `target`"
    )]
    TooLarge,
    #[error("contains more than {MOST_ENTRIES} files; leave out the folder `target`")]
    TooManyEntries,
}

impl From<io::Error> for ArchiveFault {
    fn from(error: io::Error) -> Self {
        Self::Damaged(error.into())
    }
}

impl From<ZipError> for ArchiveFault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                Self::Locked
            }
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
                Self::UnknownMethod
            }
            error => Self::Damaged(error.into()),
        }
    }
}

/// Why a part of a submission could not be read, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum PartFault {
    #[error("it contains more than {MOST_ENTRIES} files; leave out build output")]
    TooManyFiles,
    #[error("it contains more source files than ten copies of the course; hand in one copy")]
    TooManySources,
    #[error("it contains more than {MOST_ARCHIVES} archives")]
    TooManyArchives,
    #[error("the folder cannot be read: {0}")]
    Folder(#[source] io::Error),
    #[error("`{path}` {fault}")]
    Archive {
        path: String,
        #[source]
        fault: ArchiveFault,
    },
    #[error("`{archive}`: {fault}")]
    InArchive {
        archive: String,
        #[source]
        fault: Box<PartFault>,
    },
}

/// Why nothing of a submission can be graded, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("it cannot be read: {0}")]
    Io(#[source] io::Error),
    #[error("it {0}")]
    Archive(#[from] ArchiveFault),
    #[error("it cannot be read: the archive is damaged; pack it and hand it in again")]
    ReaderFailed,
    #[error(
        "reading it exceeded the time or memory limit; hand in only the folder `lessons`, as a folder or a .zip file"
    )]
    ReaderEnded,
    #[error("{0}")]
    Part(#[from] PartFault),
    #[error("`{path}` {}", FileFault::Link)]
    Link { path: String },
    #[error("it is a git repository without its files; clone it, and hand in the clone")]
    BareRepository,
    /// No lesson is in it, and nothing that may have been one: it may not be a submission at all.
    #[error(
        "it contains no lesson, only {holds}. Hand in the folder `lessons` of the course, or a lesson's folder, such as \
         `{example}`"
    )]
    NoLesson { holds: String, example: String },
}

impl Fault {
    /// The sentence, without what a terminal would take for a command.
    pub fn sentence(&self) -> String {
        match self {
            // The part that somebody else wrote is clean and cut already.
            Self::NoLesson { .. } => self.to_string(),
            _ => line(&self.to_string()),
        }
    }
}

/// Why a lesson's files cannot be taken, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum LessonFault {
    #[error("`{path}` {fault}")]
    File {
        path: String,
        #[source]
        fault: Arc<FileFault>,
    },
    #[error("`{0}` is nested too deeply; use shorter names")]
    TooDeep(String),
    #[error("the lesson has more than {0} files")]
    TooManyFiles(usize),
    #[error("the lesson's files are larger than 1 MiB together")]
    TooLarge,
    #[error("the submission contains the lesson {} times, with different files: {}; hand in one copy", .0.len(), .0.join(", "))]
    Copies(Vec<String>),
}
