//! Under a bare `cargo test`, leads from a failure to the guide, which explains it.

use std::env;
use std::panic::{set_hook, take_hook};
use std::sync::Once;
use std::thread;

/// From here on, a test of a lesson that panics names the command that explains it.
pub fn to_the_guide() {
    static ONCE: Once = Once::new();
    // Cargo names the package whose tests it runs. The solutions' are nobody's exercise.
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let Some(lesson) = package.strip_prefix("lesson-").map(str::to_owned) else { return };
    ONCE.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            report(panic);
            if is_of_a_test() {
                eprintln!("\nTo see this failure explained, run `cargo kata test {lesson}`.");
            }
        }));
    });
}

/// Whether this is the thread of a test: a handler that panics on another thread fails nothing by that.
fn is_of_a_test() -> bool {
    thread::current().name().is_some_and(|name| name == "main" || name.contains("::"))
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::process::Command;

    use crate::trace;

    /// Has the test below fail.
    const FAIL: &str = "KATA_FAIL_ON_PURPOSE";

    #[test]
    fn a_failure_names_the_command_that_explains_it() {
        let stderr = |package: &str, traced: bool| {
            let mut command = Command::new(env::current_exe().unwrap());
            command
                .args(["--exact", "pointer::tests::fails_on_request", "--nocapture"])
                .env(FAIL, "1")
                .env("CARGO_PKG_NAME", package)
                .env_remove(trace::VARIABLE);
            let file = tempfile::NamedTempFile::new().unwrap();
            if traced {
                command.env(trace::VARIABLE, file.path());
            }
            String::from_utf8(command.output().unwrap().stderr).unwrap()
        };
        let of_lesson = stderr("lesson-05-crud", false);
        assert!(of_lesson.trim_end().contains("on purpose"), "{of_lesson}");
        assert_eq!(of_lesson.matches("`cargo kata test 05-crud`").count(), 1, "{of_lesson}");
        for (package, traced) in [("solution-05-crud", false), ("", false), ("lesson-05-crud", true)] {
            let stderr = stderr(package, traced);
            assert!(stderr.contains("on purpose") && !stderr.contains("cargo kata"), "{package}: {stderr}");
        }
    }

    #[test]
    fn fails_on_request() {
        if env::var_os(FAIL).is_some() {
            trace::record_panics();
            panic!("on purpose");
        }
    }
}
