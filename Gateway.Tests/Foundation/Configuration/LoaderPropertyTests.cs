using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Yaml;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

/// <summary>Whatever a file holds, loading gives a configuration or a list of faults.</summary>
internal sealed class LoaderPropertyTests
{
    private static readonly string[] Fragments =
    [
        "gateway:", "backends:", "include:", "name", "notes:", "url", ": ", ":", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ",", "'", "\"",
        "&a ", "*a", "<<", "!t ", "|", ">", "#", "?", "---", "...", "%YAML 1.2", "${env:X}", "${file:/etc/hostname}", "${", "$${", "~", "1", "10s",
        "true", "http://localhost", "storage:", "identity:", "issuers:", "plans:", "cluster:", "reverseProxy:", "\t", "\u0085", "\uFEFF", "\0", "é", "\\",
    ];

    [Test]
    public void Any_bytes_give_a_configuration_or_faults() =>
        Gen.Byte.Array[0, 200].Sample(LoadsOrTells, iter: 500);

    [Test]
    public void Any_mix_of_yaml_gives_a_configuration_or_faults() =>
        Gen.OneOf(Fragments).Array[0, 40].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))).Sample(LoadsOrTells, iter: 2500);

    [Test]
    public void Any_change_of_a_good_file_gives_a_configuration_or_faults()
    {
        var good = BindingSample.Text;
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 12], Gen.OneOf(Fragments))
            .Select((at, length, part) => Encoding.UTF8.GetBytes(string.Concat(good.AsSpan(0, at), part, good.AsSpan(Math.Min(good.Length, at + length)))))
            .Sample(LoadsOrTells, iter: 1000);
    }

    [Test]
    public void Any_override_gives_a_configuration_or_faults()
    {
        var segment = Gen.OneOf("gateway", "backends", "notes", "url", "0", "1", "99999999999", "include", "", "identity", "issuers", "plans", "reverseProxy", "routes", "x", "_");
        using var folder = new ConfigFolder(BindingSample.Text);
        Gen.Select(segment.Array[0, 5], Gen.String[0, 10]).Sample((segments, value) =>
            Tells(() => LiveConfiguration.Load(folder.Main, Sections.All, new Dictionary<string, string?> { ["CORTEX__" + string.Join("__", segments)] = value })), iter: 500, threads: 1);
    }

    [Test]
    public void Any_path_is_located_somewhere()
    {
        var errors = new List<ConfigurationError>();
        var root = new YamlReader("x", errors).Read(Encoding.UTF8.GetBytes(BindingSample.Text))!;
        Gen.OneOf("gateway", "backends", "notes", "scopes", "delete_*", ".", "[", "]", "0", "7", "url").Array[0, 8]
            .Select(string.Concat)
            .Sample(path => YamlPath.Locate(root, path).Origin is Origin.Place);
    }

    private static void LoadsOrTells(byte[] content)
    {
        using var folder = new ConfigFolder();
        File.WriteAllBytes(folder.Main, content);
        Tells(() => folder.Load());
    }

    private static void Tells(Action load)
    {
        try
        {
            load();
        }
        catch (ConfigurationException exception)
        {
            Assert.That(exception.Errors, Is.Not.Empty);
            Assert.That(exception.Errors.Select(error => error.ToString()), Has.All.Not.Contain('\n'));
        }
    }
}
