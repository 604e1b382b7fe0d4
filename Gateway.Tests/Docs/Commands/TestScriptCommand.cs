using System.Reflection;
using Cortex.Tests.Docs.Shell;
using NUnit.Framework;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>./test.sh</c>: nothing, <c>all</c>, a category that some test has, or a filter.</summary>
internal sealed class TestScriptCommand : ICommandRule
{
    private static readonly Lazy<IReadOnlySet<string>> Categories = new(() => typeof(TestScriptCommand).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).Append<MemberInfo>(type))
        .SelectMany(member => member.GetCustomAttributes<CategoryAttribute>()).Select(category => category.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));

    public bool Takes(ShellCommand command) => command.Program == "./test.sh";

    public IEnumerable<string> Faults(ShellCommand command) => command.Arguments switch
    {
        [] or ["all"] or ["--filter", _] => [],
        [var filter] when filter.StartsWith("--filter=", StringComparison.Ordinal) => [],
        [var category] when Categories.Value.Contains(category) => [],
        _ => [$"it takes nothing, 'all', '--filter EXPRESSION' or one of {string.Join(", ", Categories.Value.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal))}."],
    };
}
