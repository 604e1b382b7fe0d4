using System.Text.Json.Serialization;

namespace Cortex.Console.Operators;

/// <summary>How the operator API reads and writes JSON: camelCase, moments by ISO 8601.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PageOfPersons))]
[JsonSerializable(typeof(PersonView))]
[JsonSerializable(typeof(PlanChange))]
[JsonSerializable(typeof(PersonState))]
[JsonSerializable(typeof(IReadOnlyList<PlanView>))]
[JsonSerializable(typeof(PageOfClients))]
[JsonSerializable(typeof(ClientView))]
[JsonSerializable(typeof(ClientState))]
[JsonSerializable(typeof(IReadOnlyList<KeyView>))]
[JsonSerializable(typeof(KeyState))]
[JsonSerializable(typeof(ConfigView))]
[JsonSerializable(typeof(PageOfNeeds))]
[JsonSerializable(typeof(NeedPage))]
[JsonSerializable(typeof(PageOfTickets))]
[JsonSerializable(typeof(NeedStateChange))]
[JsonSerializable(typeof(NeedAssignment))]
[JsonSerializable(typeof(NewNote))]
[JsonSerializable(typeof(NewLink))]
[JsonSerializable(typeof(NeedMerge))]
[JsonSerializable(typeof(NeedSplit))]
[JsonSerializable(typeof(PageOfDeadLetters))]
[JsonSerializable(typeof(PageOfHandovers))]
[JsonSerializable(typeof(SendingState))]
[JsonSerializable(typeof(PageOfQuarantine))]
[JsonSerializable(typeof(IReadOnlyList<BaselineItem>))]
[JsonSerializable(typeof(ApprovalState))]
internal sealed partial class OperatorJson : JsonSerializerContext;
