using System.Text;

namespace Cortex.Identity.AuthorizationServer.Storage;

/// <summary>Names as the database writes them: <c>RedirectUris</c> becomes <c>redirect_uris</c>.</summary>
internal static class SnakeCase
{
    public static string From(string pascalCase)
    {
        var name = new StringBuilder(pascalCase.Length + 4);
        foreach (var letter in pascalCase)
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
