using System.Text.Json;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>What a walk through the pages saw: see <c>node/walk.mjs</c>.</summary>
internal static class PageLooks
{
    /// <summary>Fails unless axe-core found nothing on a page at each width and in each scheme, and the page scrolls in one direction alone.</summary>
    public static void Require(JsonElement walk, string page)
    {
        var looks = walk.GetProperty("looks").EnumerateArray().Where(look => look.GetProperty("page").GetString() == page).ToArray();

        Assert.That(looks, Has.Length.EqualTo(4));
        Assert.Multiple(() =>
        {
            foreach (var look in looks)
            {
                Assert.That(look.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()), Is.Empty, look.GetRawText());
                Assert.That(look.GetProperty("overflows").GetBoolean(), Is.False, $"scrolls sideways at {look.GetProperty("width")}");
            }
        });
    }
}
