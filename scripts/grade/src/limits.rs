//! How much of everything a program may use.

use serde::{Deserialize, Serialize};

const MIB: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Limits {
    pub wall_milliseconds: u64,
    /// The processor's time of one process.
    pub cpu_seconds: u64,
    /// Memory of all its processes together.
    pub memory: u64,
    /// Processes and threads together.
    pub processes: u64,
    /// Open files of one process.
    pub files: u64,
    /// In all files together where it may write.
    pub written: u64,
    /// What it prints.
    pub output: u64,
}

impl Limits {
    /// For compiling a lesson and its gates.
    pub const BUILD: Self = Self {
        wall_milliseconds: 120_000,
        cpu_seconds: 240,
        memory: 4096 * MIB,
        processes: 256,
        files: 1024,
        written: 1024 * MIB,
        output: MIB,
    };

    /// For one gate.
    pub const GATE: Self = Self {
        wall_milliseconds: 10_000,
        cpu_seconds: 10,
        memory: 512 * MIB,
        processes: 64,
        files: 256,
        written: 64 * MIB,
        output: 256 << 10,
    };

    /// The address space of one process, far above what it may use: the system's allocator reserves a
    /// lot that it never touches.
    pub fn address_space(&self) -> u64 {
        self.memory.saturating_mul(8)
    }
}
