using System.Reflection;
using System.Text.RegularExpressions;
using Cortex.Cli.Doctor;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Doctor;

/// <summary><c>docs/doctor.md</c> explains every fault that there is, and none besides.</summary>
internal sealed partial class DoctorPageTests
{
    [Test]
    public void Page_explains_each_fault_once()
    {
        var page = File.ReadAllText(Repository.PathOf("docs/doctor.md"));
        var faults = typeof(FaultIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.That(Rows().Matches(page).Select(row => row.Groups["id"].Value), Is.EquivalentTo(faults));
    }

    [GeneratedRegex(@"^\| `(?<id>[a-zA-Z0-9.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
