//! What a mail server says.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use watchfire_core::text;

/// Bytes of one line; RFC 5321 has 512, real servers have more.
const LINE_BYTES: u64 = 2_048;
/// Lines of one reply.
const LINES: usize = 100;

/// One reply: its code and its lines without it.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Reads a reply to its last line.
    ///
    /// # Errors
    /// The connection broke, or what came is no reply.
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            from.take(LINE_BYTES).read_until(b'\n', &mut line).await?;
            let wrong = || std::io::Error::new(std::io::ErrorKind::InvalidData, "not a reply of SMTP");
            if line.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = String::from_utf8_lossy(&line).into_owned();
            let code: u16 =
                line.get(..3).and_then(|code| code.parse().ok()).filter(|code| (200..600).contains(code)).ok_or_else(wrong)?;
            let last = !line.get(3..).unwrap_or_default().starts_with('-');
            lines.push(line.get(4..).unwrap_or_default().trim_end().to_owned());
            if last {
                return Ok(Self { code, lines });
            }
            if lines.len() >= LINES || !line.ends_with('\n') {
                return Err(wrong());
            }
        }
    }

    /// Returns code and text as one bounded line.
    pub(super) fn told(&self) -> String {
        text::line(&format!("{} {}", self.code, self.lines.join(" ")), 300)
    }

    /// Tells whether the server offers an extension, and returns its parameters.
    pub(super) fn offers(&self, extension: &str) -> Option<&str> {
        self.lines.iter().skip(1).find_map(|line| {
            let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
            name.eq_ignore_ascii_case(extension).then_some(rest)
        })
    }
}
