use super::super::sources::Block;
use super::blocks;

#[test]
fn steps_and_snippets_are_told_apart() {
    let text = "Intro `x`.\n\n1. Put the **secret** into a file:\n\n   ```sh\n   echo key > file\n   ```\n\n2. Reload.\n";
    let expected = [
        Block::Paragraph("Intro x.".to_owned()),
        Block::Item("Put the secret into a file:".to_owned()),
        Block::Code("echo key > file\n".to_owned()),
        Block::Item("Reload.".to_owned()),
    ];
    assert_eq!(blocks(text), expected);
}

#[test]
fn html_in_a_set_up_text_stays_text() {
    let found = blocks("before <script>alert(1)</script> after");
    assert_eq!(found, [Block::Paragraph("before <script>alert(1)</script> after".to_owned())]);
}
