using Cortex.Governance.Audit;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Audit;

[TestFixture]
internal sealed class AuditTextTests
{
    [TestCase("notes_echo", "notes_echo")]
    [TestCase("größe 測試 🎉", "größe 測試 🎉")]
    [TestCase("to bob.o'neil+x@mail.example.org, please", "to bob.o'[e-mail], please", Description = "What remains of the name is no address.")]
    [TestCase("<ann@example.com>", "<[e-mail]>")]
    [TestCase("key=eyJhbGciOiJub25lIn0.e30.", "key=[token]")]
    [TestCase("bearer  SECRET", "[token]")]
    [TestCase("used cortex_pat_0123456789abcdef here", "used [token] here")]
    [TestCase("read file:///a/b?token=1#frag now", "read file:///a/b now")]
    [TestCase("what? a question", "what? a question")]
    [TestCase("line\r\nbreak\u001b[31m\u2028\u202e", "line��break�[31m��")]
    public void Clean_keeps_names_and_takes_out_secrets(string text, string expected) =>
        Assert.That(AuditText.Clean(text, 500), Is.EqualTo(expected));

    [Test]
    public void Clean_of_an_endless_text_ends_at_the_limit() =>
        Assert.That(AuditText.Clean(new string('x', 4_000_000), 200), Has.Length.EqualTo(200).And.EndsWith("…"));

    [Test]
    public void Clean_of_none_is_none() => Assert.That(AuditText.Clean(null, 200), Is.Null);
}
