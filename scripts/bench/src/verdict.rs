//! From a save to its verdict, in each lesson: by the guide that watches, by `cargo kata test`, by cargo
//! alone, and by mainmatter's `wr` where it is installed.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use pty_process::Size;
use pty_process::blocking::{self, Pty};
use tempfile::TempDir;

use crate::report::{median, number, print, times};

/// Longer than any build of a step.
const PATIENCE: Duration = Duration::from_secs(300);

/// After so many edits it is the next one's turn: a machine is faster in one minute than in another.
const EDITS_A_TURN: u32 = 5;

/// A copy of the course in which every gate passes, and the programs that judge it.
struct Course {
    folder: TempDir,
    kata: PathBuf,
    target: PathBuf,
    has_wr: bool,
}

pub fn measure(rounds: u32, lessons: &[String]) -> Result<()> {
    let course = Course::new()?;
    let mut rows = Vec::new();
    for lesson in course.lessons()? {
        if !lessons.is_empty() && !lessons.iter().any(|wanted| lesson.contains(wanted.as_str())) {
            continue;
        }
        println!("{lesson}");
        let (mut guide, mut test, mut cargo, mut wr) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut memory = 0.0_f64;
        let mut left = rounds;
        while left > 0 {
            let edits = EDITS_A_TURN.min(left);
            left -= edits;
            let (seconds, megabytes) = course.by_guide(&lesson, edits)?;
            guide.extend(seconds);
            memory = memory.max(megabytes);
            test.extend(course.by_command(&lesson, edits, |course| course.kata(&["test", &lesson]))?);
            cargo.extend(course.by_command(&lesson, edits, |course| course.cargo(&lesson))?);
            if course.has_wr {
                wr.extend(course.by_command(&lesson, edits, |course| course.wr(&lesson))?);
            }
        }
        let wr = course.has_wr.then_some(wr);
        let milliseconds = |figures: &[f64]| number(median(figures) * 1000.0);
        let ratio = |other: &[f64]| times(median(&guide) / median(other));
        rows.push([
            lesson,
            milliseconds(&guide),
            milliseconds(&test),
            milliseconds(&cargo),
            ratio(&cargo),
            wr.as_deref().map_or("–".to_owned(), milliseconds),
            wr.as_deref().map_or("–".to_owned(), ratio),
            number(memory),
        ]);
    }
    ensure!(!rows.is_empty(), "no lesson is called like that");
    println!();
    print(
        ["ms, medians", "guide", "kata test", "cargo test", "guide/cargo", "wr", "guide/wr", "guide MB"],
        &rows,
    );
    println!("Every gate passes in each of them; an edit adds a line to the lesson's src/lib.rs.");
    if !course.has_wr {
        println!("`wr` is not installed: cargo install workshop-runner");
    }
    Ok(())
}

impl Course {
    fn new() -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("no workspace")?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let target = workspace.join(target);
        finish(Command::new("cargo").args(["build", "--quiet", "--package", "kata"]).current_dir(workspace))?;
        let kata = target.join("debug/kata");
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let copy = folder.path().join("course");
        finish(Command::new(&kata).arg("export").arg(&copy).current_dir(workspace))?;
        // So that cargo does not take the workspace's own builds for the copy's.
        replace(&copy.join("Cargo.toml"), "version = \"0.0.0\"", "version = \"0.0.0-bench\"")?;
        finish(Command::new(&kata).args(["derive", "--force"]).current_dir(&copy))?;
        let has_wr = Command::new("wr").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        let course = Self { folder, kata, target, has_wr: has_wr.is_ok_and(|status| status.success()) };
        for lesson in course.lessons()? {
            course.solve(&lesson)?;
        }
        if course.has_wr {
            course.lay_out_for_wr()?;
        }
        Ok(course)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("course")
    }

    fn lessons(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root().join("lessons"))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// `wr` looks for chapters of exercises in a git repository; these are the same crates.
    fn lay_out_for_wr(&self) -> Result<()> {
        finish(Command::new("git").args(["init", "--quiet"]).current_dir(self.root()))?;
        // Its first step, a build by another path, cargo would refuse: the crates are members of `lessons/*`.
        fs::write(self.root().join(".wr.toml"), "exercises_dir = \"exercises\"\nskip_build = true\n")?;
        let chapter = self.root().join("exercises/01_course");
        fs::create_dir_all(&chapter)?;
        for lesson in self.lessons()? {
            let link = chapter.join(lesson.replace('-', "_"));
            std::os::unix::fs::symlink(self.root().join("lessons").join(&lesson), link)?;
        }
        Ok(())
    }

    /// Fills the lesson's gaps with what the solution has there.
    fn solve(&self, lesson: &str) -> Result<()> {
        let solution = match lesson {
            "08-order-up" => self.root().join("order-up"),
            _ => self.root().join("solutions").join(lesson),
        };
        let mut folders = vec![solution.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let Ok(text) = fs::read_to_string(&path) else { continue };
                if text.contains(" Task: ") {
                    let to = self.root().join("lessons").join(lesson).join(path.strip_prefix(&solution)?);
                    let text = match lesson {
                        "08-order-up" => text.replace("order_up::", "lesson_08_order_up::"),
                        _ => text,
                    };
                    fs::write(to, text)?;
                }
            }
        }
        Ok(())
    }

    fn edit(&self, lesson: &str) -> Result<()> {
        let file = self.root().join("lessons").join(lesson).join("src/lib.rs");
        let mut file = fs::File::options().append(true).open(&file)?;
        writeln!(file, "// edited")?;
        Ok(())
    }

    fn in_course(&self, mut command: Command) -> Command {
        command
            .current_dir(self.root())
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CARGO_MANIFEST_DIR");
        command
    }

    fn kata(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.kata);
        command.args(arguments);
        self.in_course(command)
    }

    fn cargo(&self, lesson: &str) -> Command {
        let mut command = Command::new("cargo");
        command.args(["test", "--package", &format!("lesson-{lesson}"), "--test", "gate"]);
        self.in_course(command)
    }

    fn wr(&self, lesson: &str) -> Command {
        let mut command = Command::new("wr");
        command.arg("check");
        let mut command = self.in_course(command);
        command.current_dir(self.root().join("lessons").join(lesson));
        command
    }

    /// Edits, and runs a command to its end.
    fn by_command(&self, lesson: &str, rounds: u32, command: impl Fn(&Self) -> Command) -> Result<Vec<f64>> {
        let mut seconds = Vec::new();
        // The first two are for what has to be built, and for what a program notes down.
        for round in 0..rounds + 2 {
            self.edit(lesson)?;
            let start = Instant::now();
            finish(&mut command(self))?;
            if round > 1 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        Ok(seconds)
    }

    /// Edits, and waits for the verdict on the screen of the guide. Also what it takes of the memory.
    fn by_guide(&self, lesson: &str, rounds: u32) -> Result<(Vec<f64>, f64)> {
        let _ = fs::remove_file(self.root().join(".kata-progress.toml"));
        finish(&mut self.kata(&["goto", lesson]))?;
        let mut guide = Guide::start(self)?;
        guide.verdict()?;
        let mut seconds = Vec::new();
        for round in 0..rounds + 2 {
            // Not while the guide is still at work on the last one.
            thread::sleep(Duration::from_millis(150));
            self.edit(lesson)?;
            let start = Instant::now();
            guide.verdict()?;
            if round > 1 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        Ok((seconds, guide.memory()?))
    }
}

/// `cargo kata` in a terminal.
struct Guide {
    child: Child,
    output: Receiver<Vec<u8>>,
    seen: String,
    terminal: Arc<Pty>,
}

impl Guide {
    fn start(course: &Course) -> Result<Self> {
        let (terminal, slave) = blocking::open()?;
        terminal.resize(Size::new(40, 100))?;
        let child = blocking::Command::new(&course.kata)
            .args(["watch", "--no-warm"])
            .current_dir(course.root())
            .env("CARGO_TARGET_DIR", &course.target)
            .env("TERM", "xterm-256color")
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("CI")
            .spawn(slave)?;
        let terminal = Arc::new(terminal);
        let (sender, output) = channel();
        let source = Arc::clone(&terminal);
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(length @ 1..) = (&*source).read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, output, seen: String::new(), terminal })
    }

    /// Waits until the guide has said that it checks, and then that it has checked.
    fn verdict(&mut self) -> Result<()> {
        self.seen.clear();
        let start = Instant::now();
        loop {
            let checking = self.seen.find("checking").or_else(|| self.seen.find("compiling"));
            if checking.is_some_and(|at| self.seen[at..].contains("checked in")) {
                return Ok(());
            }
            let left = PATIENCE.checked_sub(start.elapsed()).context("no verdict came")?;
            let bytes = self.output.recv_timeout(left).context("the guide says nothing")?;
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// In MB.
    fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }
}

impl Drop for Guide {
    fn drop(&mut self) {
        let _ = (&*self.terminal).write_all(b"q");
        let _ = self.child.wait();
    }
}

fn finish(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !output.status.success() {
        bail!(
            "{command:?} fails:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

fn replace(file: &Path, find: &str, replace: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(find), "{} does not hold {find}", file.display());
    Ok(fs::write(file, text.replacen(find, replace, 1))?)
}
