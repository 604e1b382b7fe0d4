using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity.Quarantine;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>
/// Reads what is on record about a backend and verifies it: (1) the signature, (2) that the document is the one of this backend and revision, (3) that it
/// is not older than one that this process has seen. A database that is away leaves what was verified before. Thread-safe.
/// </summary>
internal sealed class BaselineReader(Database database, GatewayBaselineKey key)
{
    private readonly ConcurrentDictionary<(BackendId, BaselineSigner), (SignedBaseline Signed, BaselineDocument Document)> _verified = new();
    private readonly ConcurrentDictionary<BackendId, Func<IntegrityPolicy, BaselineState>> _last = new();

    public async Task<BaselineReading> ReadAsync(BackendId backend, IntegrityPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            var reading = await ReadOnceAsync(backend, policy, cancellationToken);

            // What was read a moment ago may be older than what another request has verified meanwhile.
            return reading is BaselineReading.Untrusted ? await ReadOnceAsync(backend, policy, cancellationToken) : reading;
        }
        catch (DbException exception)
        {
            return _last.TryGetValue(backend, out var last)
                ? new BaselineReading.Trusted(last(policy))
                : new BaselineReading.Untrusted($"the database can't be read: {exception.Message}");
        }
        catch (SealingException exception)
        {
            return new BaselineReading.Untrusted(exception.Message);
        }
    }

    /// <summary>The newest revision that this process has verified; 0 for none.</summary>
    public long LastRevision(BackendId backend, BaselineSigner signer) => _verified.TryGetValue((backend, signer), out var known) ? known.Signed.Revision : 0;

    private async Task<BaselineReading> ReadOnceAsync(BackendId backend, IntegrityPolicy policy, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var signed = await BaselineStore.ReadAsync(connection, backend, null, cancellationToken);
        var gateway = Verify(backend, BaselineSigner.Gateway, signed, [await key.GetAsync(cancellationToken)], out var problem);
        if (problem is not null)
            return new BaselineReading.Untrusted(problem);
        var byOperator = policy.IsSignedByOperators ? Verify(backend, BaselineSigner.Operator, signed, policy.OperatorKeys, out problem) : null;
        if (problem is not null)
            return new BaselineReading.Untrusted(problem);
        var quarantine = await QuarantineStore.ReadAsync(connection, backend, cancellationToken);
        _last[backend] = StateFor;
        return new BaselineReading.Trusted(StateFor(policy));

        BaselineState StateFor(IntegrityPolicy now) => new(backend, gateway, byOperator, now, quarantine);
    }

    private BaselineDocument? Verify(
        BackendId backend, BaselineSigner signer, IReadOnlyDictionary<BaselineSigner, SignedBaseline> rows, IReadOnlyList<ECDsa> keys, out string? problem)
    {
        problem = null;
        var row = rows.GetValueOrDefault(signer);
        if (_verified.TryGetValue((backend, signer), out var known))
        {
            if (row is null || row.Revision < known.Signed.Revision)
            {
                problem = $"the baseline signed by the {signer.Word()} was {(row is null ? "removed" : "set back")} from revision {known.Signed.Revision}";
                return null;
            }

            if (row == known.Signed && DetachedSignature.FindFault(row.Signature, row.Document, keys) is null)
                return known.Document;
        }

        if (row is null)
            return null;
        if (row.Open(keys, out var fault) is not { } document)
        {
            problem = $"the baseline that the {signer.Word()} should have signed can't be trusted: {fault}";
            return null;
        }

        _verified[(backend, signer)] = (row, document);
        return document;
    }
}
