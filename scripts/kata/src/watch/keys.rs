//! What each key does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::layouts;
use super::state::{Action, State, View};
use super::terminal::Terminal;
use super::verdict::Verdict;
use crate::course::Lesson;
use crate::editor::Editor;
use crate::open::places;
use crate::progress;

impl<'a> State<'a> {
    pub fn key(&mut self, key: KeyEvent) -> Action {
        self.message = None;
        let page = Terminal::size().1.saturating_sub(5).max(1);
        let code = match key.code {
            // Each layout and Caps Lock have the same keys.
            KeyCode::Char(c) => KeyCode::Char(layouts::meant(c)),
            code => code,
        };
        // With both, a layout's third level is meant.
        let (control, alt) = (KeyModifiers::CONTROL, KeyModifiers::ALT);
        match key.modifiers.intersection(control | alt) {
            held if held == control => {
                return match code {
                    KeyCode::Char('c') => Action::Quit,
                    KeyCode::Char('l') => Action::Redraw,
                    // Ctrl-S is a save in the wrong window, not `s`.
                    _ => Action::Continue,
                };
            }
            held if held == alt => return Action::Continue,
            _ => {}
        }
        if let (View::List, KeyCode::Char(c)) = (self.view, key.code)
            && let Some(number) = layouts::digit(c)
        {
            if let Some(lesson) = self.course.lessons.iter().find(|lesson| lesson.number == number) {
                self.go_to(lesson);
            }
            return Action::Continue;
        }
        match code {
            KeyCode::Char('q') => return Action::Quit,
            KeyCode::Char('h') => {
                if self.view != View::Hint || self.hint_level == 0 {
                    self.hint_level = self.hint_level.max(1);
                } else {
                    self.hint_level = (self.hint_level + 1).min(3);
                }
                self.show(View::Hint);
            }
            KeyCode::Char('c') => self.toggle(View::Compiler),
            KeyCode::Char('s') => self.toggle(View::Sql),
            KeyCode::Char('d') => self.toggle(View::Diff),
            KeyCode::Char('l') => self.toggle(View::List),
            KeyCode::Char('?') | KeyCode::F(1) => self.toggle(View::Help),
            KeyCode::Esc => self.show(View::Verdict),
            KeyCode::Char('r') => {
                self.show(View::Verdict);
                self.begin();
            }
            KeyCode::Char('n') => self.next(),
            KeyCode::Char('p') => self.show_page(),
            KeyCode::Char('a') => return self.run_code(),
            KeyCode::Char('o' | 'e') => return self.open(),
            KeyCode::Down | KeyCode::Char('j') => self.scroll += 1,
            KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll += page,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(page),
            KeyCode::Home => self.scroll = 0,
            KeyCode::End => self.scroll = usize::MAX / 2,
            KeyCode::Char(c) if layouts::is_foreign(c) => {
                self.show_message(format!("`{c}` is not a key here. Keys are Latin letters; F1 lists them."));
            }
            _ => {}
        }
        Action::Continue
    }

    fn show(&mut self, view: View) {
        self.view = view;
        self.scroll = 0;
    }

    fn toggle(&mut self, view: View) {
        self.show(if self.view == view { View::Verdict } else { view });
    }

    fn next(&mut self) {
        let wanted = match &self.verdict {
            Some(Verdict::Report(report, background)) if report.all_passed() => background.next,
            _ => None,
        };
        let lessons = &self.course.lessons;
        let next = match wanted {
            Some(number) => lessons.iter().find(|lesson| lesson.number == number),
            None => lessons.iter().find(|lesson| lesson.number > self.lesson.number),
        };
        match next {
            Some(lesson) => self.go_to(lesson),
            None => self.show_message("That was the last lesson; l lists them all.".to_owned()),
        }
    }

    fn go_to(&mut self, lesson: &'a Lesson) {
        let name = lesson.name.clone();
        if let Err(error) = progress::change(&self.course.root, |progress| progress.current = Some(name)) {
            self.show_message(format!("{error:#}"));
        }
        self.lesson = lesson;
        self.verdict = None;
        self.took = None;
        self.hint_level = 0;
        self.stop_app();
        self.show(View::Verdict);
        self.begin();
    }

    fn open(&mut self) -> Action {
        let Some(Verdict::Report(report, _)) = &self.verdict else { return Action::Continue };
        let (file, line) = places(self.lesson, report).swap_remove(0);
        match Editor::of_student() {
            Ok(editor) => {
                let command = editor.command(&self.course.root, &file, line);
                Action::Edit(Box::new(command), editor.has_a_window())
            }
            Err(error) => {
                self.show_message(format!("{error:#}"));
                Action::Continue
            }
        }
    }
}
