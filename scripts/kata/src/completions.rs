//! `cargo kata completions bash`: what a shell needs to complete commands and lessons.

use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::{Shell, generate};

use crate::PASSED;
use crate::course::Course;

/// The name under which a shell knows the guide: `cargo kata` is an alias of cargo's, which shells
/// know nothing about.
const NAME: &str = "kata";

pub fn completions(course: &Course, command: Command, shell: Shell) -> u8 {
    match shell {
        Shell::Fish => println!("alias {NAME} 'cargo kata'"),
        Shell::PowerShell => println!("function {NAME} {{ cargo kata @args }}"),
        Shell::Elvish => println!("fn {NAME} {{|@arguments| e:cargo kata $@arguments }}"),
        _ => println!("alias {NAME}='cargo kata'"),
    }
    // clap wants names that stay; this program ends with this command.
    let names: Vec<&'static str> = course.lessons.iter().map(|lesson| &*lesson.name.clone().leak()).collect();
    let mut command = with_lessons(command, &names);
    generate(shell, &mut command, NAME, &mut std::io::stdout());
    if shell == Shell::Fish {
        // For fish, clap completes commands and options only.
        println!(
            "complete -c {NAME} -f -n '__fish_seen_subcommand_from {}' -a '{}'",
            of_lessons(&command).join(" "),
            names.join(" ")
        );
    }
    PASSED
}

/// Lets every argument for a lesson know the lessons.
fn with_lessons(command: Command, names: &[&'static str]) -> Command {
    of_lessons(&command).into_iter().fold(command.bin_name(NAME), |command, name| {
        command.mut_subcommand(name, |subcommand| {
            subcommand
                .mut_arg("lesson", |lesson| lesson.value_parser(PossibleValuesParser::new(names.to_vec())))
        })
    })
}

/// The commands that take a lesson.
fn of_lessons(command: &Command) -> Vec<String> {
    let takes_lesson =
        |command: &&Command| command.get_arguments().any(|argument| argument.get_id() == "lesson");
    command.get_subcommands().filter(takes_lesson).map(|command| command.get_name().to_owned()).collect()
}
