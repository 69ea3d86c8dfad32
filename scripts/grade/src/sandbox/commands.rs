//! The hidden commands of this program, by which it starts itself again.

pub const CONFINE: &str = "__confine";
pub const SUPERVISE: &str = "__supervise";
pub const LIMITED: &str = "__limited";
