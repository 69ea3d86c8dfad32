//! What the guide shows while it watches: a page that scrolls, and three lines that stay.

use super::cargo_progress::Progress;
use super::state::{State, View};
use super::terminal::Terminal;
use super::verdict::Verdict;
use crate::guide::gate_to_pass;
use crate::open::places;
use crate::progress;
use crate::solution_diff;
use crate::view::{self, BAD, BOLD, Background, DIM, GOOD, Page, stages, text};

/// Key and meaning; the most wanted first, as narrow terminals have no room for all.
const KEYS: [(&str, &str); 9] = [
    ("h", "hint"),
    ("n", "next"),
    ("l", "list"),
    ("q", "quit"),
    ("s", "SQL"),
    ("o", "open"),
    ("d", "diff"),
    ("r", "re-run"),
    ("?", "help"),
];

impl State<'_> {
    /// All lines of the screen.
    pub fn screen(&mut self) -> Vec<String> {
        let (columns, rows) = Terminal::size();
        let mut page = Page::new(&self.course.root);
        page.columns = Some(columns.max(20));
        if let Err(error) = self.fill(&mut page) {
            page.line(format_args!("{BAD}{error:#}{BAD:#}"));
        }
        let lines = page.broken();
        let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
        let lines = &lines[start..];
        let footer = self.footer(columns);
        let height = rows.saturating_sub(footer.len() + 1).max(1);
        let most = lines.len().saturating_sub(height);
        self.scroll = self.scroll.min(most);
        let mut screen: Vec<_> = lines.iter().skip(self.scroll).take(height).cloned().collect();
        screen.resize(height, String::new());
        screen.push(rule(columns, lines.len() - lines.len().min(self.scroll + height), self.scroll));
        screen.extend(footer);
        screen
    }

    fn fill(&self, page: &mut Page) -> anyhow::Result<()> {
        match (self.view, &self.verdict) {
            (View::Help, _) => help(page),
            (View::List, _) => {
                progress::list_page(page, self.course, self.server.database)?;
                page.blank();
                page.line(format_args!("{DIM}Press a lesson's number to open it, or Esc to go back.{DIM:#}"));
            }
            (_, None) => self.first_words(page),
            (_, Some(Verdict::Broken(why))) => {
                page.line(format_args!("{BAD}The guide ran into an error.{BAD:#}"));
                page.blank();
                for line in why.lines() {
                    page.line(format_args!("    {line}"));
                }
                page.blank();
                page.line(format_args!(
                    "Press {BOLD}r{BOLD:#} to try again. {BOLD}cargo kata doctor{BOLD:#} checks what is missing."
                ));
            }
            (View::Verdict, Some(Verdict::Report(report, background))) => {
                view::lesson(page, self.course, self.lesson, report, background);
            }
            (View::Compiler, Some(Verdict::Report(report, background))) => {
                if report.build_errors.is_empty() {
                    page.line("The lesson compiles; there is no compiler output.");
                } else {
                    let background = Background { rustc: true, ..background.clone() };
                    view::lesson(page, self.course, self.lesson, report, &background);
                }
                page.blank();
                page.line(format_args!("{DIM}Esc goes back.{DIM:#}"));
            }
            (View::Hint, Some(Verdict::Report(report, _))) => {
                match gate_to_pass(self.course, self.lesson, report) {
                    Some(number) => {
                        let (level, database) = (self.hint_level.max(1), self.server.database);
                        view::hints(page, self.lesson, number, level, database, true);
                        let back = match report.build_errors.is_empty() {
                            true => "Esc goes back.",
                            false => "Esc goes back to the compiler's error.",
                        };
                        page.line(format_args!("{DIM}{back}{DIM:#}"));
                    }
                    None => page.line("Every gate passes, so there is no hint to show."),
                }
            }
            (View::Sql, Some(Verdict::Report(report, _))) => {
                let ran =
                    report.first_failure().or(report.gates.iter().rev().find(|gate| !gate.sql.is_empty()));
                match ran.filter(|gate| !gate.sql.is_empty()) {
                    Some(gate) => {
                        page.line(format_args!("{BOLD}Gate {}: {}{BOLD:#}", gate.number, gate.title));
                        view::sql(page, gate, None);
                    }
                    None => page.line("Your code ran no SQL in the gate that fails."),
                }
                page.blank();
                page.line(format_args!("{DIM}Esc goes back.{DIM:#}"));
            }
            (View::Diff, Some(Verdict::Report(..))) => {
                if !solution_diff::is_there(self.course, self.lesson) {
                    page.line("This copy of the course has no solutions to compare with.");
                } else if self.lesson.is_project() {
                    page.line(solution_diff::of_project(self.course, self.lesson));
                } else if solution_diff::may_see(self.course, self.lesson, self.server.database)? {
                    solution_diff::show(page, self.course, self.lesson)?;
                } else {
                    page.line("The solution is shown once the lesson is passed.");
                    page.blank();
                    page.line(format_args!(
                        "To see it now, run {BOLD}cargo kata diff {} --spoil{BOLD:#} in another terminal.",
                        self.lesson.number
                    ));
                }
                page.blank();
                page.line(format_args!("{DIM}Esc goes back.{DIM:#}"));
            }
        }
        Ok(())
    }

    /// Before the first verdict.
    fn first_words(&self, page: &mut Page) {
        page.line(format_args!(
            "{BOLD}Lesson {}: {}{BOLD:#} {DIM}· about {} minutes · {}{DIM:#}",
            self.lesson.number,
            self.lesson.manifest.title,
            self.lesson.manifest.minutes,
            self.server.database.name()
        ));
        page.blank();
        let readme = page.place(&self.lesson.readme(), None);
        page.line(format_args!("While you wait, read {readme}."));
        if let Some(Progress::Building { .. }) = self.building {
            page.blank();
            page.line("Dependencies are compiled only once. After that, each check takes seconds.");
        }
    }

    /// Where to edit, what is going on, and the keys.
    fn footer(&self, columns: usize) -> Vec<String> {
        let edit = match &self.verdict {
            Some(Verdict::Report(report, _)) if !report.all_passed() => {
                let mut page = Page::new(&self.course.root);
                page.columns = None;
                let folder = self.lesson.folder().display().to_string();
                let place = |(index, (file, line)): (usize, &(String, usize))| {
                    page.place_below(if index == 0 { "" } else { &folder }, file, Some(*line))
                };
                let places = places(self.lesson, report);
                if let [(text, _)] = &places[..]
                    && text.ends_with(".md")
                {
                    let stage =
                        report.first_failure().and_then(|gate| stages::place(self.lesson, gate.number));
                    let stage = stage.map(|stage| format!(" · {stage}")).unwrap_or_default();
                    let read = format!("Read {}{stage}", page.place(text, None));
                    return self.below(&read, columns);
                }
                let places: Vec<_> = places.iter().enumerate().map(place).collect();
                format!("Edit {}", places.join(" or "))
            }
            Some(Verdict::Report(_, background)) => {
                let next = background.next.and_then(|number| self.course.lesson(&number.to_string()).ok());
                let next = next.map(|next| {
                    format!(" {BOLD}n{BOLD:#} goes on with lesson {}: {}", next.number, next.manifest.title)
                });
                format!("{GOOD}Lesson {} is passed.{GOOD:#}{}", self.lesson.number, next.unwrap_or_default())
            }
            _ => format!("Lesson {}: {}", self.lesson.number, self.lesson.manifest.title),
        };
        self.below(&edit, columns)
    }

    /// What to do, what is going on, and the keys.
    fn below(&self, to_do: &str, columns: usize) -> Vec<String> {
        vec![text::cut(to_do, columns), text::cut(&self.status(columns), columns), self.keys(columns)]
    }

    fn status(&self, columns: usize) -> String {
        match (&self.building, &self.message) {
            (Some(Progress::Building { done, all, what }), _) => {
                let bar = view::bar(*done, *all, 16);
                text::cut(&format!("{bar} compiling {done} of {all} {DIM}{what}{DIM:#}"), columns)
            }
            (Some(Progress::Busy(what)), _) => format!("{DIM}{what}{DIM:#}"),
            (None, Some(message)) => {
                format!("{BOLD}{}{BOLD:#}", Page::new(&self.course.root).prose(message))
            }
            (None, None) if self.is_early => format!("{DIM}checking the gates before this one …{DIM:#}"),
            (None, None) if self.is_running() => format!("{DIM}checking …{DIM:#}"),
            (None, None) => {
                let took = self.took.unwrap_or_default().as_secs_f64();
                let warming = self.warming.lesson().and_then(|name| self.course.lesson(name).ok());
                let warming = warming
                    .map(|lesson| format!(" · preparing lesson {} meanwhile", lesson.number))
                    .unwrap_or_default();
                format!("{GOOD}●{GOOD:#} {DIM}watching · checked in {took:.1} s{warming}{DIM:#}")
            }
        }
    }

    /// As many as there is room for.
    fn keys(&self, columns: usize) -> String {
        let mut shown = String::new();
        let mut used = 0;
        // Help is what leads to the rest.
        let last = KEYS[KEYS.len() - 1];
        let last_width = last.0.len() + last.1.len() + 1;
        let has_solution = solution_diff::is_there(self.course, self.lesson) && !self.lesson.is_project();
        for (key, meaning) in &KEYS[..KEYS.len() - 1] {
            if *key == "d" && !has_solution {
                continue;
            }
            let width = key.len() + meaning.len() + 3;
            if used + width + last_width > columns {
                break;
            }
            used += width;
            shown.push_str(&format!("{BOLD}{key}{BOLD:#} {DIM}{meaning}{DIM:#}  "));
        }
        format!("{shown}{BOLD}{}{BOLD:#} {DIM}{}{DIM:#}", last.0, last.1)
    }

    /// What stays on the terminal when the guide has gone.
    pub fn farewell(&self) -> String {
        let how_far = match &self.verdict {
            Some(Verdict::Report(report, _)) if report.build_errors.is_empty() => {
                format!("{} of {} gates pass. ", report.passed, report.total)
            }
            _ => String::new(),
        };
        format!("Lesson {}: {how_far}Go on with {BOLD}cargo kata{BOLD:#}.", self.lesson.number)
    }
}

/// A line between the page and what stays; shows how much of the page is out of sight.
fn rule(columns: usize, below: usize, above: usize) -> String {
    let note = match (above, below) {
        (0, 0) => String::new(),
        (0, below) => format!(" ↓ {below} more: space, arrows "),
        (above, 0) => format!(" ↑ {above} above "),
        (above, below) => format!(" ↑ {above} above · ↓ {below} more "),
    };
    let line = "─".repeat(columns.saturating_sub(text::width(&note) + 2));
    format!("{DIM}{line}{note}──{DIM:#}")
}

fn help(page: &mut Page) {
    const HELP: [(&str, &str); 14] = [
        ("h", "show a hint; press again for more"),
        ("s", "show all SQL that ran"),
        ("c", "show the compiler's full output"),
        ("d", "show your code beside the solution, once the lesson is passed"),
        ("p", "show the lesson's text, this result and your tables in a browser"),
        ("a", "run your code: your app at an address, or a console on the lesson's database"),
        ("l", "list the lessons; press a number to open one"),
        ("n", "go on to the next lesson"),
        ("o", "open the place to edit in your editor ($VISUAL, $EDITOR, or one that is installed)"),
        ("r", "run the gates again"),
        ("Esc", "go back to the gate"),
        ("↑ ↓ space", "scroll; also Page up, Page down, Home, End"),
        ("q", "quit; Ctrl-C does too"),
        ("?", "this help"),
    ];
    page.line(format_args!("{BOLD}Keys{BOLD:#}"));
    page.blank();
    for (key, meaning) in HELP {
        page.line(format_args!("  {BOLD}{}{BOLD:#} {meaning}", text::pad(key, 10)));
    }
    page.blank();
    page.line("After each save, the guide checks your code and shows the first gate that does not pass.");
    page.line(format_args!("Everything else: {BOLD}cargo kata --help{BOLD:#}, in another terminal."));
}
