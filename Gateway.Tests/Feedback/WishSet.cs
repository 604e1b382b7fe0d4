using System.Text.Json;
using Cortex.Feedback.Wishes;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Feedback;

/// <summary>
/// The labelled wishes of <c>wishes.json</c>: 50 groups, each a wish in the words of several people, and beside it wishes that sound alike and are others.
/// <c>missed</c> are wordings of the same wish that the careful comparison does not recognise: each counts as a need of its own until an operator merges it.
/// </summary>
internal sealed record WishSet(IReadOnlyList<LabelledWish> All)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Number of wishes that must stay apart.</summary>
    public int Needs => All.Select(wish => wish.Label).Distinct().Count();

    public static WishSet Read()
    {
        var groups = JsonSerializer.Deserialize<Group[]>(File.ReadAllText(Repository.PathOf("Gateway.Tests", "Feedback", "wishes.json")), Json)!;
        var wishes = new List<LabelledWish>();
        for (var i = 0; i < groups.Length; i++)
        {
            var group = groups[i];
            wishes.AddRange(group.Wish.Select(text => new LabelledWish($"{i}", text, group.App)));
            wishes.AddRange(group.Apart.Concat(group.Missed ?? []).Select((text, number) => new LabelledWish($"{i}/{number}", text, group.App)));
            if (group.Elsewhere is { } other)
                wishes.AddRange(group.Wish.Select(text => new LabelledWish($"{i}@{other}", text, other)));
        }

        return new WishSet(wishes);
    }

    private sealed record Group(string? App, IReadOnlyList<string> Wish, IReadOnlyList<string> Apart, IReadOnlyList<string>? Missed, string? Elsewhere);
}

/// <summary>One wording.</summary>
/// <param name="Label">The same for every wording of the same wish.</param>
internal sealed record LabelledWish(string Label, string Text, string? App)
{
    public Wish Compared => Wish.Of(Text, App, null);
}
