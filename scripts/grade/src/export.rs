//! The hidden command behind `cargo kata export --gradescope` and `--classroom50`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use grade::autograders;
use grade::class::policy::Policy;
use grade::text::say;
use kata::course::{self, Course};

use crate::arguments::Nonsense;

#[derive(Clone, Copy, ValueEnum)]
enum Platform {
    Gradescope,
    Classroom50,
}

#[derive(Parser)]
struct Words {
    platform: Platform,
    to: PathBuf,
    #[arg(long)]
    lesson: Vec<String>,
    #[arg(long)]
    policy: Option<PathBuf>,
}

/// # Errors
///
/// When the autograder cannot be written.
pub fn export() -> Result<u8> {
    let words = Words::parse_from(std::env::args_os().skip(1));
    let course = Course::read(&course::find_root()?.canonicalize()?)?;
    let Words { to, lesson, policy, .. } = &words;
    let shown = to.display();
    let exported = match words.platform {
        Platform::Gradescope => {
            let policy = policy.as_ref().map(|file| Policy::read(file, &course)).transpose();
            let policy = policy.map_err(Nonsense::from)?;
            let exported = autograders::gradescope(&course, to, lesson, policy.as_ref())?;
            say(format_args!(
                "Wrote {shown}. Upload it to Gradescope, under “Configure Autograder” in the assignment, and choose a \
                 container with at least 2 CPUs and 3 GB of memory."
            ));
            exported
        }
        Platform::Classroom50 => {
            let exported = autograders::classroom50(&course, to, lesson)?;
            say(format_args!(
                "Wrote {shown}. Commit its content as CLASSROOM/autograders/ASSIGNMENT/ in the repository `classroom50` \
                 of your organization. Pass {shown}/runtime.json to `gh teacher assignment add --runtime`."
            ));
            say(format_args!(
                "Classroom 50 publishes that folder on GitHub Pages, with the solutions: anyone who knows its address can \
                 download it."
            ));
            exported
        }
    };
    exported.report();
    Ok(kata::PASSED)
}
