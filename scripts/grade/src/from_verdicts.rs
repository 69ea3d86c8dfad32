//! What is made of verdicts that are there: a book, or the whole of several shards.

use std::path::Path;

use anyhow::{Context, Result};
use grade::book::Book;
use grade::class::rules::Rules;
use grade::formats::Format;
use grade::key::Key;
use grade::reading::Reader;
use grade::text::say;
use grade::{batch, bundle, dolos, merge, named, work};
use kata::course::Course;

use crate::arguments::{Arguments, Nonsense};

/// Grades nothing, and writes what the verdicts in the named folders make.
///
/// # Errors
///
/// When the folders hold no verdicts, or the rules do not fit them.
pub fn write_book(
    arguments: &Arguments,
    rules: &Rules,
    earlier: Option<&Book>,
    course: &Course,
    out: &Path,
) -> Result<u8> {
    let book = Book::of_folders(&arguments.paths, rules, course).map_err(Nonsense::from)?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let _lock = work::alone_in(out)?;
    write_all(arguments, &book, earlier, course, out)?;
    say(format_args!("The gradebook is in {}.", arguments.out()?.display()));
    Ok(kata::PASSED)
}

/// Grades nothing, and writes what one grader would have written that had graded all shards.
///
/// # Errors
///
/// When the folders are not all shards of one batch.
pub fn merge_shards(
    arguments: &Arguments,
    key: &Path,
    rules: &Rules,
    earlier: Option<&Book>,
    course: &Course,
    out: &Path,
) -> Result<u8> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let _lock = work::alone_in(out)?;
    let key = Key::read(key).map_err(Nonsense::from)?;
    key.fits(out).map_err(Nonsense::from)?;
    let done = merge::merge(&arguments.paths, &key, out).map_err(Nonsense::from)?;
    key.keep_beside(out)?;
    let book = Book::of_batch(&done, rules, course).map_err(Nonsense::from)?;
    write_all(arguments, &book, earlier, course, out)?;
    say(format_args!(
        "The verdicts on {} submissions of {} shards are in {}.",
        done.len(),
        arguments.paths.len(),
        arguments.out()?.display()
    ));
    Ok(batch::worst(&done))
}

/// Writes the files for a class.
///
/// # Errors
///
/// When one cannot be written.
pub fn write_all(
    arguments: &Arguments,
    book: &Book,
    earlier: Option<&Book>,
    course: &Course,
    out: &Path,
) -> Result<()> {
    book.write(out, &arguments.formats(), course)?;
    if let Some(earlier) = earlier {
        book.compare(earlier, out)?;
    }
    if let Some(worksheet) = &arguments.worksheet {
        book.fill_worksheet(worksheet, out).map_err(Nonsense::from)?;
    }
    if arguments.needs_submissions() {
        write_handed_in(arguments, book, course, out)?;
    }
    book.report(&arguments.imported());
    Ok(())
}

/// Writes what is made of the submissions themselves, for the lessons that these verdicts are about.
fn write_handed_in(arguments: &Arguments, book: &Book, course: &Course, out: &Path) -> Result<()> {
    let helper = std::env::current_exe().context("cannot find the grader's own program file")?;
    let is_graded = |name: &String| book.grades.lessons.iter().any(|lesson| &lesson.name == name);
    let lessons = course.lessons.iter().enumerate().filter(|(_, lesson)| is_graded(&lesson.name));
    let reader = Reader { helper: &helper, course, lessons: lessons.map(|(place, _)| place).collect() };
    let uploads =
        named::uploads(arguments.handed_in()?, arguments.one, &reader, out).map_err(Nonsense::from)?;
    if arguments.format.contains(&Format::Bundle) {
        bundle::write(out, &reader, &uploads.all)?;
    }
    if arguments.format.contains(&Format::Dolos) {
        dolos::write(out, &reader, &uploads.all, &book.grades)?;
        let folder = out.join(dolos::NAME);
        say(format_args!("To look for copies: dolos run -f web {}/LESSON/info.csv", folder.display()));
    }
    Ok(())
}
