//! Why a dish could not be marked as cooked, in words for the cook.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum KitchenError {
    /// There is no such line, or nothing to undo.
    #[error("That dish is no longer on the list, so nothing was changed.")]
    Unknown,
    /// Another cook was faster, or the order was changed.
    #[error("That dish was changed a moment ago, so nothing was marked. Check the list again.")]
    Changed,
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}
