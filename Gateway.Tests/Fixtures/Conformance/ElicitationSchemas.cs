using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>The forms that the elicitation tools show.</summary>
internal static class ElicitationSchemas
{
    /// <summary>One required text.</summary>
    public static ElicitRequestParams.RequestSchema Text(string field) => new()
    {
        Properties = { [field] = new ElicitRequestParams.StringSchema() },
        Required = [field],
    };

    /// <summary>One required yes or no.</summary>
    public static ElicitRequestParams.RequestSchema Confirmation { get; } = new()
    {
        Properties = { ["ok"] = new ElicitRequestParams.BooleanSchema() },
        Required = ["ok"],
    };

    /// <summary>A default for each primitive type (SEP-1034).</summary>
    public static ElicitRequestParams.RequestSchema Defaults { get; } = new()
    {
        Properties =
        {
            ["name"] = new ElicitRequestParams.StringSchema { Description = "Name", Default = "John Doe" },
            ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Description = "Age", Default = 30 },
            ["score"] = new ElicitRequestParams.NumberSchema { Description = "Score", Default = 95.5 },
            ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema
            {
                Description = "Status",
                Enum = ["active", "inactive", "pending"],
                Default = "active",
            },
            ["verified"] = new ElicitRequestParams.BooleanSchema { Description = "Verified", Default = true },
        },
    };

    /// <summary>Each way to choose from a list (SEP-1330).</summary>
    public static ElicitRequestParams.RequestSchema Choices { get; } = new()
    {
        Properties =
        {
            ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
            ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Titled("value") },
            ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
            {
                Enum = ["opt1", "opt2", "opt3"],
                EnumNames = ["Option One", "Option Two", "Option Three"],
            },
            ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema
            {
                Items = new ElicitRequestParams.UntitledEnumItemsSchema { Enum = ["option1", "option2", "option3"] },
            },
            ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
            {
                Items = new ElicitRequestParams.TitledEnumItemsSchema { AnyOf = Titled("value") },
            },
        },
    };

    private static List<ElicitRequestParams.EnumSchemaOption> Titled(string value) =>
    [
        new() { Const = $"{value}1", Title = "First Option" },
        new() { Const = $"{value}2", Title = "Second Option" },
        new() { Const = $"{value}3", Title = "Third Option" },
    ];
}
