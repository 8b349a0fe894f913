//! Tests of the import of gitleaks rules and of the bounds on people's own rules.

use super::{RuleError, RuleSet, check};

fn message(result: Result<RuleSet, RuleError>) -> String {
    result.expect_err("the text must be refused").to_string()
}

#[test]
fn gitleaks_rule_finds_its_group() {
    let text = "[[rules]]\nid = \"acme\"\ndescription = \"Acme key\"\nregex = '''acme_key = \"([a-z0-9]{12})\"'''\nkeywords = [\"ACME_\"]\nsecretGroup = 1\n";
    let set = RuleSet::import_gitleaks(text).expect("the rule is supported");
    let rule = set.rules().first().expect("one rule");
    assert_eq!(check::first_secret(rule, b"acme_key = \"k3j9x0q2m7vz\""), Some(&b"k3j9x0q2m7vz"[..]));
    assert!(rule.keywords_ignore_case);
}

#[test]
fn what_has_no_counterpart_is_refused_by_name() {
    let rule = |extra: &str| format!("[[rules]]\nid = \"a\"\nregex = \"abc[0-9]{{4}}\"\nkeywords = [\"abc\"]\n{extra}\n");
    for (text, word) in [
        (rule("path = \"x\""), "path"),
        (rule("[[rules.allowlists]]\nregexes = [\"x\"]"), "allowlist"),
        ("[extend]\nuseDefault = true\n".to_owned(), "extend"),
        ("[[rules]]\nid = \"a\"\nregex = \"abc\"\n".to_owned(), "keywords"),
        (rule("secretGroup = 3"), "secretGroup"),
        ("[[rules]]\nid = \"a\"\nregex = \"(?=x)\"\nkeywords = [\"abc\"]\n".to_owned(), "does not compile"),
        ("[[rules]]\nregex = \"x\"\n".to_owned(), "has no `id`"),
        ("nonsense".to_owned(), "not a rule file"),
    ] {
        let said = message(RuleSet::import_gitleaks(&text));
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn patterns_are_bounded() {
    let file = |pattern: &str| {
        format!(
            "vendor: A\nservice: a\nadvice: \"Revoke it in the console.\"\nreferences: [\"https://a.example\"]\nrules:\n  - id: a\n    title: A\n    severity: low\n    confidence: low\n    pattern: '{pattern}'\n    keywords: ['abc']\n"
        )
    };
    assert!(RuleSet::from_yaml("a.yaml", &file("abc[0-9]{8}")).is_ok());
    assert!(message(RuleSet::from_yaml("a.yaml", &file(&"a".repeat(2000)))).contains("the limit is 1024"));
    assert!(message(RuleSet::from_yaml("a.yaml", &file("((abc[^x]{900}){900}){900}"))).contains("compiles to more than"));
    assert!(message(RuleSet::from_yaml("a.yaml", "a: [")).contains("a.yaml"));
}

#[test]
fn version_changes_with_the_rules() {
    let builtin = RuleSet::builtin();
    assert_eq!(builtin.version().len(), 16);
    assert_eq!(RuleSet::builtin_copy().version(), builtin.version());
    let text = "[[rules]]\nid = \"acme\"\nregex = \"acme[0-9]{9}\"\nkeywords = [\"acme\"]\n";
    let own = RuleSet::import_gitleaks(text).expect("supported");
    let joined = RuleSet::builtin_copy().with(own).expect("no id occurs twice");
    assert_ne!(joined.version(), builtin.version());
    assert_eq!(joined.rules().len(), builtin.rules().len() + 1);
}
