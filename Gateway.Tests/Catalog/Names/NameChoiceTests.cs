using System.Text.RegularExpressions;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Names;
using Cortex.Foundation.Model;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Names;

internal sealed partial class NameChoiceTests
{
    private static readonly string[] Ids = ["a", "a_b", "b", "notes"];
    private static readonly string[] OwnNames = ["c", "b_c", "search", "list.all", "list_all", "list all", "ünïcode", "b", new('x', 80), new string('x', 80) + "y"];

    [TestCase(NamePolicy.Always, "notes", "search", ExpectedResult = "notes_search")]
    [TestCase(NamePolicy.Always, "", "search", ExpectedResult = "search")]
    [TestCase(NamePolicy.OnConflict, "notes", "search", ExpectedResult = "search")]
    [TestCase(NamePolicy.Never, "notes", "search", ExpectedResult = "search")]
    public string Name_that_nobody_has_is_the_one_of_the_policy(NamePolicy policy, string prefix, string name) =>
        NameChoice.Fresh.For(Backend("n", policy, prefix), CatalogKind.Tool, name).Name;

    [TestCase(NamePolicy.Always, "", "n_search")]
    [TestCase(NamePolicy.OnConflict, "notes", "notes_search")]
    [TestCase(NamePolicy.OnConflict, "", "n_search")]
    [TestCase(NamePolicy.Never, "notes", "search_[0-9a-f]{8}")]
    public void Newcomer_gets_another_name_and_the_earlier_one_stays(NamePolicy policy, string prefix, string expected)
    {
        var first = Backend("first", NamePolicy.Never);
        var (taken, names) = NameChoice.Fresh.For(first, CatalogKind.Tool, "search");
        var (name, after) = names.For(Backend("n", policy, prefix), CatalogKind.Tool, "search");
        Assert.That(name, Does.Match($"^{expected}$"));
        Assert.That(after.For(first, CatalogKind.Tool, "search").Name, Is.EqualTo(taken).And.EqualTo("search"));
    }

    [Test]
    public void Tools_and_prompts_have_names_of_their_own()
    {
        var (_, names) = NameChoice.Fresh.For(Backend("a", NamePolicy.Never), CatalogKind.Tool, "search");
        Assert.That(names.For(Backend("b", NamePolicy.Never), CatalogKind.Prompt, "search").Name, Is.EqualTo("search"));
    }

    [Test]
    public void Builtin_takes_its_name_from_whoever_has_it()
    {
        var backend = Backend("a", NamePolicy.Never);
        var (_, names) = NameChoice.Fresh.For(backend, CatalogKind.Tool, "whoami");
        (var own, names) = names.For(BackendDefinition.Gateway, CatalogKind.Tool, "whoami");
        Assert.That(own, Is.EqualTo("whoami"));
        Assert.That(names.For(backend, CatalogKind.Tool, "whoami").Name, Does.Match("^whoami_[0-9a-f]{8}$"));
    }

    [Test]
    public void Name_is_free_again_when_its_owner_is_no_longer_configured()
    {
        var (_, names) = NameChoice.Fresh.For(Backend("a", NamePolicy.Never), CatalogKind.Tool, "search");
        names = names with { IsConfigured = id => id.Value != "a" };
        Assert.That(names.For(Backend("b", NamePolicy.OnConflict), CatalogKind.Tool, "search").Name, Is.EqualTo("search"));
    }

    [Test]
    public void Changed_settings_choose_anew()
    {
        var (_, names) = NameChoice.Fresh.For(Backend("a", NamePolicy.OnConflict), CatalogKind.Tool, "search");
        (var name, names) = names.For(Backend("a", NamePolicy.Always), CatalogKind.Tool, "search");
        Assert.That(name, Is.EqualTo("a_search"));
        Assert.That(names.For(Backend("b", NamePolicy.OnConflict), CatalogKind.Tool, "search").Name, Is.EqualTo("search"));
    }

    [Test]
    public void Alias_goes_before_every_policy()
    {
        var backend = BackendDefinitionFactory.Create(
            BackendId.Parse("a"), new BackendOptions { Url = "http://127.0.0.1:1", Aliases = new Dictionary<string, string> { ["search"] = "find" } });
        var (name, names) = NameChoice.Fresh.For(backend, CatalogKind.Tool, "search");
        Assert.That(name, Is.EqualTo("find"));
        Assert.That(names.For(backend, CatalogKind.Tool, "list").Name, Is.EqualTo("a_list"));
    }

    /// <summary>Whatever backends come with in whatever order: names fit, are unique, and no later arrival changes an earlier one.</summary>
    [Test]
    public void Names_fit_are_unique_and_stay()
    {
        var arrival = Gen.Select(Gen.Int[0, Ids.Length - 1], Gen.Int[0, OwnNames.Length - 1], Gen.Enum<NamePolicy>(), Gen.Bool, (id, own, policy, isPrompt) => (Ids[id], OwnNames[own], policy, isPrompt));
        Gen.Select(arrival.List[0, 40], Gen.Int[24, 64]).Sample((arrivals, maxLength) =>
        {
            var names = NameChoice.Fresh with { MaxLength = maxLength };
            var policies = new Dictionary<string, NamePolicy>();
            var given = new Dictionary<NameOwner, string>();
            foreach (var (id, own, policy, isPrompt) in arrivals)
            {
                var backend = Backend(id, policies.TryAdd(id, policy) ? policy : policies[id]);
                var owner = new NameOwner(isPrompt ? CatalogKind.Prompt : CatalogKind.Tool, backend.Id, own);
                (var name, names) = names.For(backend, owner.Kind, own);
                if (!Fitting().IsMatch(name) || name.Length > maxLength || (given.TryGetValue(owner, out var earlier) && earlier != name))
                    return false;
                given[owner] = name;
            }

            return given.GroupBy(entry => (entry.Key.Kind, entry.Value)).All(group => group.Count() == 1);
        });
    }

    [Test]
    public void Name_that_is_too_long_is_cut_the_same_wherever_it_is_made()
    {
        var names = NameChoice.Fresh with { MaxLength = 30 };
        var name = names.For(Backend("notes", NamePolicy.Always), CatalogKind.Tool, "list every last one of them").Name;
        Assert.That(name, Is.EqualTo("notes_list_every_last_21483c0e"));
        Assert.That(names.For(Backend("notes", NamePolicy.Always), CatalogKind.Tool, "list every last one of us").Name, Does.StartWith("notes_list_every_last_").And.Not.EqualTo(name));
    }

    private static BackendDefinition Backend(string id, NamePolicy policy, string? prefix = null) =>
        BackendDefinitionFactory.Create(BackendId.Parse(id), new BackendOptions { Url = "http://127.0.0.1:1", Names = policy, Prefix = prefix });

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Fitting();
}
