using Microsoft.AspNetCore.Antiforgery;

namespace Cortex.Foundation.Pages;

/// <summary>Proof that a form was sent from a page this gateway showed to this browser and person: the defence against forged requests.</summary>
internal sealed class FormTokens(IAntiforgery antiforgery)
{
    /// <summary>Name of the hidden field.</summary>
    public const string FieldName = "form_token";

    /// <summary>A token for the forms of a page that is about to be shown; sets its cookie.</summary>
    public FormToken Issue(HttpContext context)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new FormToken(tokens.FormFieldName, tokens.RequestToken!);
    }

    /// <summary>True when the posted form carries a token of this browser and person.</summary>
    public Task<bool> IsValidAsync(HttpContext context) => antiforgery.IsRequestValidAsync(context);
}

/// <summary>The hidden field of a form. Public because components are.</summary>
public sealed record FormToken(string Name, string Value);
