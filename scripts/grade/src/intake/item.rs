//! One file of a submission, as far as it can be read.

use std::io::{self, Read};
use std::sync::Arc;

use super::fault::{FileFault, LARGEST_FILE};

#[derive(Clone)]
pub enum Item {
    File(Vec<u8>),
    /// Why it cannot be taken. A second name of a file shares it.
    Unreadable(Arc<FileFault>),
}

impl Item {
    /// Reads a file up to the largest size, whatever size its header claims. `fault` is for a reader that fails.
    pub fn read(reader: impl Read, fault: impl FnOnce(io::Error) -> FileFault) -> Self {
        let mut bytes = Vec::new();
        match reader.take(LARGEST_FILE + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 <= LARGEST_FILE => Self::File(bytes),
            Ok(_) => FileFault::TooLarge.into(),
            Err(error) => fault(error).into(),
        }
    }
}

impl From<FileFault> for Item {
    fn from(fault: FileFault) -> Self {
        Self::Unreadable(Arc::new(fault))
    }
}
