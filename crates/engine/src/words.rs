//! What people write, made harmless; what is too long is refused, never cut.

use watchfire_core::incident::Command;
use watchfire_core::{limits, text};

use crate::Error;

/// Returns one clean line, see [`text::line`]; empty if nothing is left.
///
/// # Errors
/// It has more characters than `chars`.
pub(crate) fn line(field: &str, given: &str, chars: usize) -> Result<String, Error> {
    fitting(field, text::line(given, usize::MAX), chars)
}

/// Returns clean prose, see [`text::prose`]; empty if nothing is left.
///
/// # Errors
/// It has more characters than `chars`.
pub(crate) fn prose(field: &str, given: &str, chars: usize) -> Result<String, Error> {
    fitting(field, text::prose(given, usize::MAX), chars)
}

/// Returns the command with its words clean.
///
/// # Errors
/// One of them is too long.
pub(crate) fn of_command(mut command: Command) -> Result<Command, Error> {
    let (field, words, chars) = match &mut command {
        Command::Rename { title } => ("title", title, limits::TITLE_CHARS),
        Command::Summarise { summary } => ("summary", summary, limits::TEXT_CHARS),
        Command::Note { text } => ("text", text, limits::TEXT_CHARS),
        Command::Close { waiver: Some(reason) }
        | Command::Declare { reason, .. }
        | Command::SetSeverity { reason, .. }
        | Command::SetPhase { reason, .. }
        | Command::Resolve { reason }
        | Command::Reopen { reason }
        | Command::Dismiss { reason }
        | Command::MergeInto { reason, .. }
        | Command::SetVisibility { reason, .. }
        | Command::KnowScope { reason }
        | Command::SetSensitivity { reason, .. } => ("reason", reason, limits::TEXT_CHARS),
        _ => return Ok(command),
    };
    *words = if field == "title" { line(field, words, chars)? } else { prose(field, words, chars)? };
    Ok(command)
}

fn fitting(field: &str, clean: String, chars: usize) -> Result<String, Error> {
    let count = clean.chars().count();
    if count > chars {
        return Err(Error::invalid(field, format!("it has {count} characters, and at most {chars} are kept: shorten it")));
    }
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_whole_and_what_does_not_is_refused_with_both_numbers() {
        assert_eq!(line("title", " a\u{0}b ", 3).expect("it fits"), "a b");
        assert_eq!(prose("text", &"é".repeat(5), 5).expect("it fits"), "é".repeat(5));
        let error = prose("text", &"x".repeat(6), 5).expect_err("too long");
        assert!(
            matches!(&error, Error::Invalid { field, message } if field == "text" && message.contains("6") && message.contains("5"))
        );
        assert!(of_command(Command::Rename { title: "x".repeat(limits::TITLE_CHARS + 1) }).is_err());
    }
}
