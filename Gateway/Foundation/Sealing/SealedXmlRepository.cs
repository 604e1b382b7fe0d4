using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Keeps the keys of ASP.NET Data Protection (cookies, antiforgery) in the database, sealed whole: they survive a restart, all replicas share
/// them, and nobody who can write to the database can slip in one of their own.
/// </summary>
internal sealed class SealedXmlRepository(KeyStore store, TimeProvider time) : IXmlRepository
{
    private const string Purpose = "data-protection";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.List(Purpose).Select(key => XElement.Parse(Encoding.UTF8.GetString(key.Material)))];

    // The friendly name is for people; two elements may bear the same one.
    public void StoreElement(XElement element, string friendlyName) => store.AddIfAbsent(new StoredKey(
        Guid.NewGuid().ToString("N"),
        Purpose,
        Generation: null,
        time.GetUtcNow(),
        Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))));
}
