//! The lists of words that names and values are compared with, in `data/`.
//!
//! A line `[name]` starts a list, a line `# ...` is a comment. Names stand several to a line, values one to a line.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use aho_corasick::AhoCorasick;

const NAMES_TEXT: &str = include_str!("data/names.txt");
const VALUES_TEXT: &str = include_str!("data/values.txt");

type Lists = HashMap<&'static str, HashSet<&'static str>>;

static NAMES: LazyLock<Lists> = LazyLock::new(|| read(NAMES_TEXT, true));
static VALUES: LazyLock<Lists> = LazyLock::new(|| read(VALUES_TEXT, false));
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(VALUES.get("marks").into_iter().flatten()).expect("a short list of words fits an automaton")
});

/// Returns whether the list `list` of words in names holds `word`.
pub(super) fn names(list: &str, word: &str) -> bool {
    NAMES.get(list).is_some_and(|words| words.contains(word))
}

/// Returns whether `value`, in lower case, is a common stand-in.
pub(super) fn is_common(value: &str) -> bool {
    VALUES.get("common").is_some_and(|words| words.contains(value))
}

/// Returns whether `value`, in lower case, holds what an expression, a template or a reference holds.
pub(super) fn has_mark(value: &str) -> bool {
    MARKS.is_match(value)
}

/// Returns whether `value`, in lower case, ends like a file or a host name.
pub(super) fn ends_like_file(value: &str) -> bool {
    let ending = value.rfind('.').and_then(|at| value.get(at..));
    ending.is_some_and(|ending| VALUES.get("endings").is_some_and(|words| words.contains(ending)))
}

fn read(text: &'static str, several: bool) -> Lists {
    let mut lists = Lists::new();
    let mut list = "";
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            list = name;
        } else if several {
            lists.entry(list).or_default().extend(line.split_whitespace());
        } else {
            lists.entry(list).or_default().insert(line);
        }
    }
    lists
}
