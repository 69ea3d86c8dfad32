//! The guide's quick build leads to the same program as cargo does, whatever cargo depends on.

use std::fs;

use crate::small::{Small, write};

/// Something that cargo depends on, and how it is changed.
type Change = (&'static str, fn(&mut Small));

const HOST: &str = "kata-host";

/// Sets a variable.
macro_rules! variable {
    ($name:expr, $value:expr) => {
        (concat!($name, "=", $value), |small| small.set($name, $value))
    };
}

/// Writes one of cargo's settings files. What is relative to the home folder begins with `~`.
macro_rules! config {
    ($file:expr, $text:expr) => {
        (concat!($file, ": ", $text), |small| {
            let text = $text.replace("~", small.at("home").to_str().unwrap()).replace(HOST, &host());
            write(&small.at($file), &text);
        })
    };
}

const COURSE: &str = "home/code/course/.cargo/config.toml";

/// Everything that a compiler's options, its surroundings or the compiler itself can come from.
const CHANGES: &[Change] = &[
    variable!("RUSTFLAGS", "--cfg flag"),
    variable!("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}flag"),
    variable!("CARGO_BUILD_RUSTFLAGS", "--cfg flag"),
    ("CARGO_TARGET_…_RUSTFLAGS", |small| {
        let host = host().to_uppercase().replace('-', "_");
        small.set(&format!("CARGO_TARGET_{host}_RUSTFLAGS"), "--cfg flag");
    }),
    variable!("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
    variable!("CARGO_PROFILE_TEST_DEBUG_ASSERTIONS", "false"),
    variable!("CARGO_PROFILE_DEV_OPT_LEVEL", "1"),
    variable!("SEEN", "by a variable"),
    ("CARGO_BUILD_TARGET", |small| small.set("CARGO_BUILD_TARGET", host())),
    variable!("CARGO_BUILD_TARGET_DIR", "elsewhere"),
    variable!("CARGO_TARGET_DIR", "../elsewhere"),
    ("RUSTC", |small| small.set("RUSTC", flagging(small, "other-rustc", "rustc"))),
    ("CARGO_BUILD_RUSTC", |small| small.set("CARGO_BUILD_RUSTC", flagging(small, "other-rustc", "rustc"))),
    ("RUSTC_WRAPPER", |small| small.set("RUSTC_WRAPPER", wrapper(small))),
    ("CARGO_BUILD_RUSTC_WRAPPER", |small| small.set("CARGO_BUILD_RUSTC_WRAPPER", wrapper(small))),
    ("RUSTC_WORKSPACE_WRAPPER", |small| small.set("RUSTC_WORKSPACE_WRAPPER", wrapper(small))),
    ("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", |small| {
        small.set("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", wrapper(small));
    }),
    ("the rustc in PATH", |small| small.rustc("--cfg flag")),
    config!("home/code/course/.cargo/config.toml", "[build]\nrustflags = [\"--cfg\", \"flag\"]"),
    config!("home/code/course/.cargo/config", "[build]\nrustflags = [\"--cfg\", \"flag\"]"),
    config!("home/code/.cargo/config.toml", "[build]\nrustflags = [\"--cfg\", \"flag\"]"),
    config!("home/.cargo/config.toml", "[target.kata-host]\nrustflags = [\"--cfg\", \"flag\"]"),
    config!("home/.cargo/config.toml", "[target.'cfg(all())']\nrustflags = [\"--cfg\", \"flag\"]"),
    config!("home/.cargo/config.toml", "[profile.dev]\ndebug-assertions = false"),
    config!("home/code/.cargo/config.toml", "[env]\nSEEN = \"by a setting\""),
    config!("home/code/.cargo/config.toml", "[build]\ntarget-dir = \"elsewhere\""),
    config!("home/code/.cargo/config.toml", "[build]\ntarget = \"kata-host\""),
    ("build.rustc", |small| {
        let rustc = flagging(small, "other-rustc", "rustc");
        write(&small.at(COURSE), &format!("[build]\nrustc = '{rustc}'"));
    }),
    ("build.rustc-wrapper", |small| {
        let wrapper = wrapper(small);
        write(&small.at("home/.cargo/config.toml"), &format!("[build]\nrustc-wrapper = '{wrapper}'"));
    }),
    ("build.rustc-workspace-wrapper", |small| {
        wrapper(small);
        // Relative to the folder that holds `.cargo`.
        write(&small.at("home/.cargo/config.toml"), "[build]\nrustc-workspace-wrapper = 'bin/wrapper'");
    }),
    ("CARGO_HOME", |small| {
        write(&small.at("cargo home/config.toml"), "[build]\nrustflags = [\"--cfg\", \"flag\"]");
        small.set("CARGO_HOME", small.at("cargo home"));
    }),
    ("a profile in Cargo.toml", |small| {
        let text = fs::read_to_string(small.path("Cargo.toml")).unwrap();
        small.write("Cargo.toml", &(text + "[profile.dev]\ndebug-assertions = false\n"));
    }),
    ("a file that the lesson includes", |small| small.write("outside.txt", "after")),
    ("another package", |small| small.write("tests/src/lib.rs", "pub const FIXTURE: &str = \"after\";\n")),
    ("a build script", |small| script(small, "")),
    ("a build script that says what it reads", |small| {
        script(small, "println!(\"cargo::rerun-if-changed=../../outside.txt\");");
        small.by_guide();
        small.write("outside.txt", "read by the script");
    }),
];

/// What does not show in the program; it is here for the path that it takes through the guide.
const UNSEEN: [&str; 6] = [
    "CARGO_PROFILE_DEV_OPT_LEVEL=1",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR=elsewhere",
    "CARGO_TARGET_DIR=../elsewhere",
    "home/code/.cargo/config.toml: [build]\ntarget-dir = \"elsewhere\"",
    "home/code/.cargo/config.toml: [build]\ntarget = \"kata-host\"",
];

/// The name of the machine's target.
fn host() -> String {
    let output = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// A program that starts `program` with one option more.
fn flagging(small: &Small, name: &str, program: &str) -> String {
    small.script(name, &format!("exec {program} \"$@\" --cfg flag"));
    small.at("home/bin").join(name).to_str().unwrap().to_owned()
}

/// Adds a build script that hands the text of a file over to the lesson.
fn script(small: &Small, more: &str) {
    let text =
        "println!(\"cargo::rustc-env=SEEN={}\", std::fs::read_to_string(\"../../outside.txt\").unwrap());";
    small.write("lessons/01-one/build.rs", &format!("fn main() {{\n    {text}\n    {more}\n}}\n"));
}

fn wrapper(small: &Small) -> String {
    flagging(small, "wrapper", "")
}

#[test]
fn after_any_change_the_guide_runs_the_same_program_as_cargo() {
    let mut small = Small::new();
    let variables = small.variables.clone();
    let before = small.by_cargo();
    assert_eq!(small.by_guide(), before);
    let mut unseen = Vec::new();
    for (what, change) in CHANGES {
        // As it was, cargo is not needed for a save; otherwise the rest would prove nothing.
        small.edit();
        assert_eq!(small.by_guide(), before, "before {what}");
        let cargos = small.cargos();
        small.edit();
        assert_eq!(small.by_guide(), before, "before {what}");
        assert_eq!(small.cargos(), cargos, "before {what}: a save needs no cargo");
        small.by_cargo();

        change(&mut small);
        let (guides, cargos) = (small.by_guide(), small.by_cargo());
        small.edit();
        let after = small.by_cargo();
        // Another wrapper makes nothing stale for cargo; what it compiles next is compiled with it. The guide
        // may have had more to compile than cargo.
        assert!(guides == cargos || guides == after, "{what}: the guide {guides}, cargo {cargos}");
        for edits in 1..3 {
            assert_eq!(small.by_guide(), after, "{what}, after {edits} saves");
            small.edit();
        }
        if after == before {
            unseen.push(*what);
        }
        small.restore(&variables);
    }
    // A change of which the program shows nothing would compare equal without any care.
    assert_eq!(unseen, UNSEEN);
}
