using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The script of a generation: every access to its keys, each as one step of Redis.</summary>
/// <remarks>
/// Only the worker that opens the generation loads it, once. Nothing here sends its text, so that a Redis that lost it cannot get it back.
/// </remarks>
internal static class GenerationScript
{
    /// <summary>The start of the names of all keys; a hash tag, so that a cluster keeps them together.</summary>
    public const string KeyPrefix = "{mediaaspire-media}:";

    /// <summary>The hash of the generations that were opened: the time of each by its nonce.</summary>
    public const string Generations = KeyPrefix + "generations";

    private static readonly string s_text = Read();

    /// <summary>Gets the start of the names of a generation's items; the id follows in 32 digits.</summary>
    public static string ItemPrefixOf(string nonce) => $"{KeyPrefix}{nonce}:i:";

    /// <summary>Makes a name that no generation or claim has had.</summary>
    public static string NewName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Gets the text with which Redis learns the script.</summary>
    public static string TextOf(string nonce) => s_text.Replace("NONCE", nonce, StringComparison.Ordinal);

    /// <summary>Computes the name of the script in Redis.</summary>
#pragma warning disable CA5350 // Redis names scripts by their SHA-1. Nothing is protected by it.
    public static byte[] HashOf(string nonce) => SHA1.HashData(Encoding.UTF8.GetBytes(TextOf(nonce)));
#pragma warning restore CA5350

    private static string Read()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("MediaAspire.Core.Media.Redis.Scripts.generation.lua")!);
        return reader.ReadToEnd();
    }
}
