namespace Cortex.Tests.Chart;

/// <summary>Every values file under <c>charts/cortex/ci</c>, rendered once by each Helm for all the tests that look at them.</summary>
internal static class ChartMatrix
{
    private static readonly Lazy<Task<IReadOnlyDictionary<(Helm Helm, string Values), Manifests>>> Rendered = new(RenderAsync);

    /// <summary>Each Helm with each values file.</summary>
    public static IEnumerable<object[]> Cells => Helm.All.SelectMany(helm => Helm.ValuesFiles.Select(values => new object[] { helm, values }));

    public static async Task<Manifests> OfAsync(string values, Helm? helm = null) => (await Rendered.Value)[(helm ?? new Helm(4), values)];

    private static async Task<IReadOnlyDictionary<(Helm Helm, string Values), Manifests>> RenderAsync()
    {
        var cells = Helm.All.SelectMany(helm => Helm.ValuesFiles.Select(values => (helm, values))).ToList();
        var all = await Manifests.RenderAllAsync(cells.Select(cell => (cell.helm, (IReadOnlyList<string>)["--values", Helm.ValuesFile(cell.values)])));
        return cells.Zip(all).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
