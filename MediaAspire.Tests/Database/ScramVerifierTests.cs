using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Database;

namespace MediaAspire.Tests.Database;

public sealed class ScramVerifierTests
{
    /// <summary>The exchange of RFC 7677, section 3: its proof and its server's signature are checked against the verifier.</summary>
    [Fact]
    public void Of_ExchangeOfTheStandard_IsAccepted()
    {
        const string first = "n=user,r=rOprNGfwEbeRWgbNEkqO";
        const string nonce = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var exchange = Encoding.ASCII.GetBytes($"{first},{nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,{nonce}");

        var verifier = ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="));

        Assert.StartsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$", verifier, StringComparison.Ordinal);
        var keys = verifier.Split('$')[2].Split(':');
        var (storedKey, serverKey) = (Convert.FromBase64String(keys[0]), Convert.FromBase64String(keys[1]));
        var clientKey = Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
            .Zip(HMACSHA256.HashData(storedKey, exchange), (proof, signature) => (byte)(proof ^ signature)).ToArray();
        Assert.Equal(storedKey, SHA256.HashData(clientKey));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(HMACSHA256.HashData(serverKey, exchange)));
    }

    [Fact]
    public void Of_SamePassword_HasAnotherSaltEachTime() => Assert.NotEqual(ScramVerifier.Of("pencil"), ScramVerifier.Of("pencil"));
}
