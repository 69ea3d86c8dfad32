//! How much of everything a program may use.

use std::time::Duration;

use serde::{Deserialize, Serialize};

const MIB: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Limits {
    /// By the clock, without the time in which it gets no processor.
    pub wall_milliseconds: u64,
    /// The processor's time of all its processes together; where the system does not report that, of each of them.
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

/// On a busy machine a program may take this many times its limit by the clock.
const LONGEST: u32 = 6;

impl Limits {
    /// For compiling a lesson and its gates.
    pub const BUILD: Self = Self {
        wall_milliseconds: 120_000,
        cpu_seconds: 240,
        memory: 4096 * MIB,
        processes: 256,
        files: 1024,
        written: 1024 * MIB,
        // Each error comes with what the compiler knows of it, several times as much as a person reads.
        output: 4 * MIB,
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

    /// The time by the clock.
    pub fn wall(&self) -> Duration {
        Duration::from_millis(self.wall_milliseconds)
    }

    /// How long a run can take on the busiest machine.
    pub fn longest(&self) -> Duration {
        self.wall() * LONGEST
    }

    /// The address space of one process, far above what it may use: the system's allocator reserves a
    /// lot that it never touches.
    pub fn address_space(&self) -> u64 {
        self.memory.saturating_mul(8)
    }
}
