using System.Security.Cryptography;
using System.Text.Json;
using Cortex.Foundation.Model;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>A row of the table <c>integrity_baselines</c>: a document and a signature that may be forged.</summary>
/// <param name="Backend">Whose definitions it says it has.</param>
/// <param name="Signer">Whose signature it must bear.</param>
/// <param name="Revision">The revision it says it is.</param>
/// <param name="Document">The document, canonical JSON.</param>
/// <param name="Signature">See <see cref="DetachedSignature"/>.</param>
internal sealed record SignedBaseline(BackendId Backend, BaselineSigner Signer, long Revision, string Document, string Signature)
{
    public static SignedBaseline Sign(BaselineDocument document, BaselineSigner signer, ECDsa key) =>
        new(document.Backend, signer, document.Revision, document.Json, DetachedSignature.Sign(document.Json, key));

    /// <summary>The document when all of it holds; null, with the reason, when not.</summary>
    public BaselineDocument? Open(IReadOnlyList<ECDsa> keys, out string problem)
    {
        if (DetachedSignature.FindFault(Signature, Document, keys) is { } fault)
        {
            problem = fault;
            return null;
        }

        try
        {
            var document = BaselineDocument.Read(JsonElement.Parse(Document), out problem);
            if (document is null || (document.Backend == Backend && document.Revision == Revision && document.Json == Document))
                return document;
            problem = "it stands where another belongs";
            return null;
        }
        catch (JsonException)
        {
            problem = "it can't be read";
            return null;
        }
    }
}
