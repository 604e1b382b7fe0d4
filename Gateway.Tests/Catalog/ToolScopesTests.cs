using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

internal sealed class ToolScopesTests
{
    [TestCase("read_file", "mcp:fs")]
    [TestCase("delete_file", "mcp:fs:delete")]
    [TestCase("delete_everything", "mcp:fs:root")]
    [TestCase("delete_all_files", "mcp:fs:bulk")]
    [TestCase("delete", "mcp:fs")]
    public void Scope_is_that_of_the_closest_match(string tool, string scope)
    {
        var backend = BackendDefinitionFactory.Create(BackendId.Parse("fs"), new BackendOptions
        {
            Kind = BackendKind.Mcp,
            Url = "http://127.0.0.1:1/mcp",
            Scopes = new Dictionary<string, Scope>
            {
                ["delete_*"] = Scope.Parse("mcp:fs:delete"),
                ["delete_all_*"] = Scope.Parse("mcp:fs:bulk"),
                ["delete_everything"] = Scope.Parse("mcp:fs:root"),
            },
        });
        Assert.That(ToolScopes.Of(backend, tool).Value, Is.EqualTo(scope));
    }

    [TestCase("*", "", true)]
    [TestCase("*", "anything", true)]
    [TestCase("a*c", "abc", true)]
    [TestCase("a*c", "ac", true)]
    [TestCase("a*c", "acb", false)]
    [TestCase("*_x_*", "a_x_b_x_c", true)]
    [TestCase("a*b*c", "aXbYbZc", true)]
    [TestCase("abc", "ABC", false)]
    [TestCase("", "", true)]
    [TestCase("", "a", false)]
    public void Glob_matches_runs_of_characters(string glob, string text, bool expected) =>
        Assert.That(ToolScopes.Matches(glob, text), Is.EqualTo(expected));

    [Test]
    public void Attack_name_made_to_try_every_way_through_a_glob_is_judged_all_the_same() =>
        Assert.That(ToolScopes.Matches(string.Concat(Enumerable.Repeat("*a", 50)) + "*b", new string('a', 10_000)), Is.False);
}
