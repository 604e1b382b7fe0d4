using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Schema;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

/// <summary>What lies in <c>config/</c> says what the code does.</summary>
internal sealed partial class CommittedFilesTests
{
    private static readonly Dictionary<string, string?> Variables = new()
    {
        ["PGPASSWORD"] = "postgres-password",
        ["REDIS_PASSWORD"] = "redis-password",
        ["CORTEX_KEY"] = Convert.ToBase64String(new byte[32]),
    };

    private static string Folder { get; } = FindFolder();

    public static IEnumerable<ConfigurationSection> AllSections => Sections.All;

    [Test]
    public void Schema_is_the_one_the_code_writes() =>
        Assert.That(Read("cortex.schema.json"), Is.EqualTo(new SchemaWriter(Sections.All).Write()), "Run: dotnet run --project Gateway -- schema > config/cortex.schema.json");

    [Test]
    public void Reference_is_the_one_the_code_writes() =>
        Assert.That(Read("cortex.reference.yaml"), Is.EqualTo(new ReferenceWriter(Sections.All).Write()), "Run: dotnet run --project Gateway -- schema --reference > config/cortex.reference.yaml");

    [TestCase("cortex.yaml")]
    [TestCase("cortex.reference.yaml")]
    [TestCase("examples/postgres-redis-external-issuer.yaml")]
    public void File_is_valid(string name) =>
        Assert.That(LiveConfiguration.Load(Path.Combine(Folder, name), Sections.All, Variables).Status.Errors, Is.Empty);

    [TestCaseSource(nameof(AllSections))]
    public void Reference_holds_the_defaults_of(ConfigurationSection section)
    {
        var live = LiveConfiguration.Load(Path.Combine(Folder, "cortex.reference.yaml"), Sections.All, Variables);

        Assert.That(
            Plain(live.Current.Options[section.OptionsType]),
            Is.EqualTo(Plain(Activator.CreateInstance(section.OptionsType)!)));
    }

    /// <summary>Walks the options classes by itself, so that a key the writer forgot is missed.</summary>
    [TestCaseSource(nameof(AllSections))]
    public void Reference_names_every_key_of(ConfigurationSection section)
    {
        var lines = Read("cortex.reference.yaml").Split('\n').Select(line => CommentSign().Replace(line, "")).ToArray();

        var missing = Keys(section.OptionsType).Where(key => !lines.Any(line => line.TrimStart().StartsWith($"{key}:", StringComparison.Ordinal)));

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Example_entries_of_the_reference_are_valid_once_the_comment_signs_are_gone()
    {
        var entry = Read("cortex.reference.yaml").Split('\n')
            .SkipWhile(line => line != "backends: {}")
            .TakeWhile(line => line.Length > 0)
            .Select(line => CommentSign().Replace(line, ""))
            .Where(line => line != "    url:")
            .Select(line => line.Replace("backends: {}", "backends:", StringComparison.Ordinal).Replace("  <name>:", "  name:\n    url: http://localhost:1", StringComparison.Ordinal));
        using var folder = new ConfigFolder(string.Join('\n', entry));

        Assert.That(folder.Load().Current.BackendCount, Is.EqualTo(1));
    }

    [Test]
    public void Every_key_of_the_schema_is_described()
    {
        var undescribed = Undescribed(JsonNode.Parse(Read("cortex.schema.json"))!["properties"]!.AsObject(), "");

        Assert.That(undescribed, Is.Empty);
    }

    private static IEnumerable<string> Undescribed(JsonObject properties, string path) => properties.SelectMany(property =>
    {
        var below = property.Value!["properties"] ?? property.Value["additionalProperties"] as JsonObject ?? property.Value["items"];
        var nested = (below as JsonObject)?["properties"] ?? property.Value["properties"];
        return (property.Value["description"] is null ? [$"{path}{property.Key}"] : Array.Empty<string>())
            .Concat(nested is JsonObject inner ? Undescribed(inner, $"{path}{property.Key}.") : []);
    });

    private static IEnumerable<string> Keys(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType || typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string))
            return (type.BaseType is { IsGenericType: true } basis ? basis : type).GetGenericArguments().SelectMany(Keys);
        if (type.Namespace?.StartsWith("Cortex", StringComparison.Ordinal) != true || !type.Name.EndsWith("Options", StringComparison.Ordinal))
            return [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
            .SelectMany(property => Keys(property.PropertyType).Prepend(JsonNamingPolicy.CamelCase.ConvertName(property.Name)));
    }

    private static string Plain(object options) => JsonSerializer.Serialize(options, options.GetType());

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cortex.sln")))
                return Path.Combine(folder.FullName, "config");
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex("^# ")]
    private static partial Regex CommentSign();
}
