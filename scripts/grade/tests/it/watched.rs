//! Programs that no safe Rust makes: what they do to the sandbox is theirs, and never the grader's fault.

use std::path::{Path, PathBuf};
use std::process::Command;

use grade::limits::Limits;
use grade::probes;
use grade::sandbox::{self, End, Isolation, Outcome, Resource, Spec};

const HELPER: &str = env!("CARGO_BIN_EXE_grade");

const LIMITS: Limits = Limits { memory: 96 << 20, ..Limits::GATE };

/// What a program may call.
const CALLS: &str = r#"
    use std::ffi::{c_char, c_int, c_long, c_ulong, c_void};
    unsafe extern "C" {
        fn fcntl(file: c_int, command: c_int, ...) -> c_int;
        fn getpid() -> c_int;
        fn kill(process: c_int, signal: c_int) -> c_int;
        fn prctl(option: c_int, ...) -> c_int;
        fn syscall(number: c_long, ...) -> c_long;
        fn setsockopt(file: c_int, level: c_int, name: c_int, value: *const c_void, size: u32) -> c_int;
    }
    fn wait() { std::thread::sleep(std::time::Duration::from_millis(700)); }
    /// This one alone. The C library's way would unwind through Rust's `main`.
    unsafe fn end_thread() {
        let exit = if cfg!(target_arch = "x86_64") { 60 } else { 93 };
        unsafe { syscall(exit as c_long, 0) };
    }
    const NAME: *const c_char = c"\xff) \n".as_ptr();
"#;

fn compile(folder: &Path, body: &str) -> PathBuf {
    let (source, program) = (folder.join("program.rs"), folder.join("program"));
    std::fs::write(&source, format!("#![allow(unused)]\n{CALLS}\nfn main() {{ unsafe {{ {body} }} }}"))
        .unwrap();
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "-C", "debuginfo=0", "-o"]).args([&program, &source]);
    let output = rustc.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// What becomes of it in the sandbox of this machine, and where there is none.
fn run(body: &str) -> Vec<(Isolation, Outcome)> {
    run_within(body, LIMITS)
}

fn run_within(body: &str, limits: Limits) -> Vec<(Isolation, Outcome)> {
    let work = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::set_permissions(work.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let program = compile(work.path(), body);
    let (best, why) = probes::best(Path::new(HELPER), work.path()).unwrap();
    assert_ne!(best, Isolation::None, "{why:?}");
    let run = |isolation: Isolation| {
        let folder = tempfile::tempdir_in(work.path()).unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let spec = Spec::of_program(isolation, &program, folder.path(), limits).unwrap();
        (isolation, sandbox::run(Path::new(HELPER), &spec).unwrap())
    };
    [best, Isolation::None].map(run).into()
}

#[track_caller]
fn ends(body: &str, expected: End) {
    for (isolation, outcome) in run(body) {
        assert_eq!(outcome.end, expected, "{isolation:?}: {}", outcome.output);
    }
}

#[test]
fn a_program_may_be_killed_by_any_signal() {
    for signal in [9, 34, 40, 64] {
        ends(&format!("kill(getpid(), {signal});"), End::Signal(signal));
    }
    ends("std::process::exit(7)", End::Exited(7));
}

#[test]
fn a_program_may_have_any_name() {
    ends("prctl(15, NAME); wait();", End::Exited(0));
}

#[test]
fn memory_counts_even_after_the_first_thread_has_ended() {
    let body = "std::thread::spawn(|| { let all = vec![1u8; 400 << 20]; wait(); std::hint::black_box(all); \
                std::process::exit(0) }); end_thread();";
    ends(body, End::Exceeded(Resource::Memory));
    let little = "std::thread::spawn(|| { wait(); std::process::exit(3) }); end_thread();";
    ends(little, End::Exited(3));
}

#[test]
fn open_files_count_even_after_the_first_thread_has_ended() {
    let body = "std::thread::spawn(|| { let mut all = Vec::new(); for _ in 0..110 { \
                all.push(std::os::unix::net::UnixStream::pair().unwrap()); } for _ in 0..3 { wait(); } \
                std::process::exit(0) }); end_thread();";
    let limits = Limits { memory: 32 << 20, ..LIMITS };
    for (isolation, outcome) in run_within(body, limits) {
        assert_eq!(outcome.end, End::Exceeded(Resource::Memory), "{isolation:?}");
    }
}

/// In the sandbox it cannot even begin to.
#[test]
fn a_program_that_hides_its_resource_use_is_killed_or_refused() {
    for (isolation, outcome) in run("let hidden = prctl(4, 0); wait(); std::process::exit(hidden.abs())") {
        let is_root = nix::unistd::geteuid().is_root();
        let expected = match isolation {
            Isolation::None if is_root => End::Exited(0),
            Isolation::None => End::Hid,
            Isolation::OwnUser(_) | Isolation::UserNamespace => End::Exited(1),
        };
        assert_eq!(outcome.end, expected, "{isolation:?}");
    }
}

/// More than the watch counts for a pipe or a socket.
#[test]
fn a_program_cannot_enlarge_pipes_and_sockets() {
    let body = "let (one, other) = std::io::pipe().unwrap(); \
                let grown = fcntl(std::os::fd::AsRawFd::as_raw_fd(&one), 1031, 1 << 20); \
                let (left, right) = std::os::unix::net::UnixStream::pair().unwrap(); \
                let size: c_int = 1 << 20; let size = &raw const size as *const c_void; \
                let left = std::os::fd::AsRawFd::as_raw_fd(&left); \
                let sizes = [7, 8].map(|name| setsockopt(left, 1, name, size, 4)); \
                std::process::exit(if grown < 0 && sizes == [-1, -1] { 0 } else { 1 })";
    for (isolation, outcome) in run(body) {
        let expected = if isolation == Isolation::None { 1 } else { 0 };
        assert_eq!(outcome.end, End::Exited(expected), "{isolation:?}");
    }
}
