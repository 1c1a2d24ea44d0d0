using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>The file in which a user's secrets for one AppHost are kept.</summary>
internal static class UserSecrets
{
    private static readonly Lock s_writing = new();
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Gets the path of the file; null where the AppHost has no user secrets.</summary>
    public static string? FileOf(Assembly? appHost) =>
        appHost?.GetCustomAttribute<UserSecretsIdAttribute>() is { UserSecretsId.Length: > 0 } attribute
            ? PathHelper.GetSecretsPathFromSecretsId(attribute.UserSecretsId)
            : null;

    /// <summary>Sets a secret, keeping the others.</summary>
    public static void Set(string file, string key, string value)
    {
        lock (s_writing)
        {
            var secrets = File.Exists(file) && JsonNode.Parse(File.ReadAllText(file), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })
                is JsonObject existing ? existing : [];
            secrets[key] = value;

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var temporary = $"{file}.{Path.GetRandomFileName()}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(temporary, options))
            {
                writer.Write(secrets.ToJsonString(s_indented));
            }

            File.Move(temporary, file, overwrite: true);
        }
    }
}

/// <summary>A default that is made once and kept in the user secrets.</summary>
internal sealed class UserSecretsParameterDefault(string file, string key, ParameterDefault inner) : ParameterDefault
{
    public override string GetDefaultValue()
    {
        var value = inner.GetDefaultValue();
        UserSecrets.Set(file, key, value);
        return value;
    }

    public override void WriteToManifest(ManifestPublishingContext context) => inner.WriteToManifest(context);
}
