//! Text as the course reads it: the same on every system, whatever saved the file.
//!
//! Git for Windows and editors on Windows end lines with CR LF, Notepad puts a byte order mark at the
//! beginning, and PowerShell's `>` writes UTF-16. None of that changes what a file says.

use std::borrow::Cow;

const UTF_8: &[u8] = b"\xEF\xBB\xBF";
const UTF_16_LITTLE: &[u8] = b"\xFF\xFE";
const UTF_16_BIG: &[u8] = b"\xFE\xFF";

/// Why bytes cannot be read as text.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("line {line} is not valid {encoding}; save the file as UTF-8 in your editor")]
pub struct NotText {
    encoding: &'static str,
    /// Counted from 1; the line that holds the first byte that does not fit.
    line: usize,
}

impl NotText {
    pub fn line(&self) -> usize {
        self.line
    }
}

/// Text without a byte order mark, its lines ended with LF. UTF-16 is understood if it begins with a byte
/// order mark.
///
/// # Errors
///
/// When the bytes are not text.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let text = if let Some(rest) = bytes.strip_prefix(UTF_16_LITTLE) {
        Cow::Owned(utf_16(rest, u16::from_le_bytes)?)
    } else if let Some(rest) = bytes.strip_prefix(UTF_16_BIG) {
        Cow::Owned(utf_16(rest, u16::from_be_bytes)?)
    } else {
        let rest = bytes.strip_prefix(UTF_8).unwrap_or(bytes);
        let not_text = |error: std::str::Utf8Error| NotText {
            encoding: "UTF-8",
            line: 1 + rest[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count(),
        };
        Cow::Borrowed(std::str::from_utf8(rest).map_err(not_text)?)
    };
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text.into_owned() })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let mut text = String::new();
    let not_text = |text: &str| NotText { encoding: "UTF-16", line: 1 + text.matches('\n').count() };
    let pairs = bytes.chunks_exact(2);
    let has_half_a_unit = !pairs.remainder().is_empty();
    for character in char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]]))) {
        text.push(character.map_err(|_| not_text(&text))?);
    }
    if has_half_a_unit { Err(not_text(&text)) } else { Ok(text) }
}

pub fn is_utf_16(bytes: &[u8]) -> bool {
    bytes.starts_with(UTF_16_LITTLE) || bytes.starts_with(UTF_16_BIG)
}

/// Whether the bytes begin with UTF-8's byte order mark.
pub fn has_utf_8_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(UTF_8)
}

/// What is compared, merged and hashed of a file: its text, or its bytes where it holds none.
pub fn normalized(bytes: &[u8]) -> Cow<'_, [u8]> {
    // Git checks for a zero, too: a picture is not text even if all its bytes would pass for UTF-8.
    let is_binary = !is_utf_16(bytes) && bytes.contains(&0);
    if is_binary || !(is_utf_16(bytes) || has_utf_8_mark(bytes) || bytes.contains(&b'\r')) {
        return Cow::Borrowed(bytes);
    }
    decode(bytes).map_or(Cow::Borrowed(bytes), |text| Cow::Owned(text.into_bytes()))
}

/// Whether two files say the same.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    normalized(one) == normalized(other)
}

/// The text of a file, to be shown or searched; what is not text is marked with `U+FFFD`.
pub fn shown(bytes: &[u8]) -> String {
    decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).replace("\r\n", "\n"))
}

/// `text` with the ends of lines that most lines of `model` have.
pub fn with_line_ends_of(model: &[u8], text: &str) -> String {
    let all = model.iter().filter(|byte| **byte == b'\n').count();
    let with_cr = model.windows(2).filter(|pair| *pair == b"\r\n").count();
    if with_cr * 2 > all { text.replace('\n', "\r\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "-- Täsk 1 🦀\n\nSELECT 'ä';\nno end";

    /// The same text as each program may have saved it.
    fn saved(text: &str) -> Vec<(&'static str, Vec<u8>)> {
        let crlf = text.replace('\n', "\r\n");
        let mixed = text.replacen('\n', "\r\n", 1);
        let utf_16 = |bom: &[u8], bytes: fn(u16) -> [u8; 2]| {
            bom.iter().copied().chain(crlf.encode_utf16().flat_map(bytes)).collect()
        };
        let with_bom = |text: &str| [UTF_8, text.as_bytes()].concat();
        vec![
            ("LF", text.as_bytes().to_vec()),
            ("CRLF", crlf.as_bytes().to_vec()),
            ("mixed", mixed.as_bytes().to_vec()),
            ("LF with a BOM", with_bom(text)),
            ("CRLF with a BOM", with_bom(&crlf)),
            ("mixed with a BOM", with_bom(&mixed)),
            ("UTF-16LE", utf_16(UTF_16_LITTLE, u16::to_le_bytes)),
            ("UTF-16BE", utf_16(UTF_16_BIG, u16::to_be_bytes)),
        ]
    }

    #[test]
    fn a_text_compares_as_equal_however_it_was_saved() {
        for text in [TEXT, "", "\n", "one line\n"] {
            for (how, bytes) in saved(text) {
                assert_eq!(decode(&bytes).as_deref(), Ok(text), "{how}");
                assert_eq!(shown(&bytes), text, "{how}");
                assert!(is_same(&bytes, text.as_bytes()), "{how}");
            }
        }
        assert!(!is_same(b"a\r\n", b"b\n"));
    }

    #[test]
    fn bytes_that_are_not_text_are_refused_with_their_line() {
        let refusal = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        assert_eq!(
            refusal(b"one\r\ntwo \xE4\r\n"),
            "line 2 is not valid UTF-8; save the file as UTF-8 in your editor"
        );
        assert!(refusal(b"\xFF\xFEa\0\n\0b").starts_with("line 2 is not valid UTF-16"));
        assert!(refusal(b"\xFE\xFF\xD8\x00\0a").starts_with("line 1 is not valid UTF-16"));
    }

    #[test]
    fn bytes_that_are_not_text_stay_unchanged() {
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0"[..], b"\xff\x00\r\n", b"\xE4\r\n"] {
            assert_eq!(normalized(bytes), bytes);
        }
        // A carriage return alone is a character of the text.
        assert_eq!(decode(b"a\rb\r\n").as_deref(), Ok("a\rb\n"));
    }

    #[test]
    fn a_changed_text_keeps_the_line_endings_of_its_file() {
        assert_eq!(with_line_ends_of(b"a\r\nb\r\nc\n", "x\ny\n"), "x\r\ny\r\n");
        assert_eq!(with_line_ends_of(b"a\nb\r\n", "x\n"), "x\n");
        assert_eq!(with_line_ends_of(b"", "x\n"), "x\n");
    }
}
