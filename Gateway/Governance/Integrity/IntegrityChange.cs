using Cortex.Foundation.Model;

namespace Cortex.Governance.Integrity;

/// <summary>Something that lists may have to be judged anew for.</summary>
/// <param name="Backend">The backend it is about; null for all.</param>
/// <param name="IsOffer">True when another replica saw the backend offer something else, so that it is worth looking for oneself.</param>
internal readonly record struct IntegrityChange(BackendId? Backend, bool IsOffer);
