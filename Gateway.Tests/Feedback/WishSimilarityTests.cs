using Cortex.Feedback.Wishes;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>The comparison of wishes, pair by pair.</summary>
internal sealed class WishSimilarityTests
{
    private const double Threshold = 0.8;

    private static readonly WishSet Set = WishSet.Read();

    [Test]
    public void Labelled_set_has_fifty_wishes_in_the_words_of_several_people()
    {
        Assert.That(Set.All.Select(wish => wish.Label.Split('/', '@')[0]).Distinct().Count(), Is.EqualTo(50));
        Assert.That(Set.All.GroupBy(wish => wish.Label).Where(group => !group.Key.Contains('/', StringComparison.Ordinal)).Min(group => group.Count()), Is.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void Every_two_wordings_of_one_wish_are_alike() =>
        Assert.That(Pairs().Where(pair => pair.One.Label == pair.Other.Label && !AreAlike(pair.One, pair.Other)).Select(Describe), Is.Empty);

    [Test]
    public void No_two_wishes_that_differ_are_alike() =>
        Assert.That(Pairs().Where(pair => pair.One.Label != pair.Other.Label && AreAlike(pair.One, pair.Other)).Select(Describe), Is.Empty);

    [TestCase("Export  notes, as PDF!", "export notes as pdf")]
    [TestCase("ｅｘｐｏｒｔ notes as PDF", "export notes as pdf")]
    [TestCase("ノートを検索する", "ノートを検索する")]
    public void Form_of_the_text_does_not_matter(string one, string other) =>
        Assert.That(Wish.Of(one, null, null).Digest, Is.EqualTo(Wish.Of(other, null, null).Digest));

    [TestCase("move files from work to home", "move files from home to work")]
    [TestCase("show invoices before May", "show invoices after May")]
    [TestCase("send at most 5 mails an hour to the list", "send at most 50 mails an hour to the list")]
    [TestCase("notify me when a build fails", "do not notify me when a build fails")]
    [TestCase("add a comment to a support ticket in Jira", "delete a comment of a support ticket in Jira")]
    [TestCase("sign the contract", "sign the contact")]
    [TestCase("???", "!!!")]
    public void What_turns_a_wish_round_keeps_it_apart(string one, string other) =>
        Assert.That(WishSimilarity.Of(WishText.Terms(one), WishText.Terms(other)), Is.Zero);

    [TestCase("search calender entries of a colleague", "search calendar entries of a colleague")]
    [TestCase("list recieved payments", "list received payments")]
    public void Misspelling_does_not_matter(string one, string other) =>
        Assert.That(WishSimilarity.Of(WishText.Terms(one), WishText.Terms(other)), Is.EqualTo(1));

    [Test]
    public void Contexts_that_contradict_keep_the_same_words_apart()
    {
        var wish = Wish.Of("export as CSV", "crm", null);
        Assert.That(wish.FitsContext("mail", null), Is.False);
        Assert.That(wish.FitsContext(null, "crm list"), Is.True);
        Assert.That(wish.Digest, Is.Not.EqualTo(Wish.Of("export as CSV", "mail", null).Digest));
    }

    [Test]
    public void Longest_text_is_compared_in_no_time() =>
        Assert.That(WishText.Terms(string.Concat(Enumerable.Repeat("save add a no way to ", 95))), Is.Not.Empty);

    private static bool AreAlike(LabelledWish one, LabelledWish other)
    {
        var (left, right) = (one.Compared, other.Compared);
        return left.FitsContext(right.App, right.Tool) && WishSimilarity.Of(left.Terms, right.Terms) >= Threshold;
    }

    private static IEnumerable<(LabelledWish One, LabelledWish Other)> Pairs() =>
        Set.All.SelectMany((one, index) => Set.All.Skip(index + 1).Select(other => (one, other)));

    private static string Describe((LabelledWish One, LabelledWish Other) pair) =>
        $"{pair.One.Label} '{pair.One.Text}' [{string.Join(' ', pair.One.Compared.Terms)}] – {pair.Other.Label} '{pair.Other.Text}' [{string.Join(' ', pair.Other.Compared.Terms)}]\n";
}
